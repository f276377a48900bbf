import { fileURLToPath } from "node:url";

/** A file, there or not yet. */
export interface FileTarget {
  readonly kind: "file";
  /** Where it is, without links. */
  readonly path: string;
  /** What the system says of it, or `null` where it is not there. */
  readonly info: Deno.FileInfo | null;
}

/** What a path leads to: a file, what is written to as it is, or what holds no results. */
export type WriteTarget =
  | FileTarget
  | { readonly kind: "pipe" | "device" }
  | { readonly kind: "unfit"; readonly what: "folder" | "disk" | "socket" };

/** A link may lead to a link; a circle of them ends here. */
const MOST_LINKS = 40;

/**
 * What a path leads to. Links are followed, also one whose file is not there yet: it is the file that is written.
 *
 * @param path The path.
 */
export async function resolveTarget(path: string): Promise<WriteTarget> {
  return await resolveLinks(path, MOST_LINKS);
}

async function resolveLinks(path: string, links: number): Promise<WriteTarget> {
  try {
    // Of what a process holds open, as /dev/fd/3, only this knows what it is: its real path may lead nowhere.
    const info = await Deno.stat(path);
    if (info.isFile) return { kind: "file", path: await Deno.realPath(path), info };
    const what = info.isDirectory ? "folder" : info.isBlockDevice ? "disk" : info.isSocket ? "socket" : null;
    return what === null ? { kind: info.isFifo ? "pipe" : "device" } : { kind: "unfit", what };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const next = links === 0 ? null : await Deno.readLink(path).catch(() => null);
    if (next === null) return { kind: "file", path: await newPath(path), info: null };
    return await resolveLinks(/^(?:[/\\]|[A-Za-z]:)/.test(next) ? next : folderOf(path) + next, links - 1);
  }
}

/** The path of a file that is not there yet, with that of its folder as it is. */
async function newPath(path: string): Promise<string> {
  const folder = folderOf(path);
  return `${await Deno.realPath(folder === "" ? "." : folder)}/${path.slice(folder.length)}`;
}

/**
 * Writes a file as a whole or not at all: beside it under another name, to the disk, and then by renaming. A reader never
 * sees half of it, and a failure leaves what was there and no other file. What is there keeps its links, its mode and,
 * where the system allows it, its owner.
 *
 * Where its folder takes no other file, or the file is a mount of its own, it is written as it is; so are pipes and
 * devices.
 *
 * @param path Where to.
 * @param content What it holds.
 * @throws {Error} What the system says.
 */
export async function writeWhole(path: string | URL, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const name = typeof path === "string" ? path : fileURLToPath(path);
  try {
    const target = await resolveTarget(name);
    if (target.kind !== "file") return await writeInto(name, bytes, {});
    try {
      await replaceFile(target, bytes);
    } catch (error) {
      if (target.info === null || !isOfFolder(error)) throw error;
      await writeInto(target.path, bytes, { truncate: true });
    }
  } catch (error) {
    // A program may be allowed to write this file alone.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    await writeInto(name, bytes, { truncate: true, create: true });
  }
}

/** A file that is to become another one, or to go. */
export interface BesideFile {
  readonly file: Deno.FsFile;
  readonly path: string;
  /** Removes it; nothing where it is gone. */
  drop(): void;
  /** It has become the other one: it is not removed where the process ends. */
  keep(): void;
}

/**
 * A new, empty file in the same folder, since only there a rename is atomic. Where the process is told to end it is removed,
 * unless it was kept or dropped before.
 *
 * @param path The file that it is to become.
 */
export function openBeside(path: string): BesideFile {
  const folder = folderOf(path);
  const name = path.slice(folder.length);
  const beside = `${folder}.${name.slice(0, 60)}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  // At once: a file that is opened meanwhile could be made after the last listener has run.
  const file = Deno.openSync(beside, { write: true, createNew: true });
  const remove = () => {
    try {
      Deno.removeSync(beside);
    } catch {
      // It may be gone, and it may not matter: another failure is told.
    }
  };
  const keep = () => removeEventListener("unload", remove);
  addEventListener("unload", remove);
  return { file, path: beside, keep, drop: () => (keep(), remove()) };
}

/**
 * Whether a failure is one of the folder, or of replacing, and not of the file or its disk.
 *
 * @param error What was thrown.
 */
export function isOfFolder(error: unknown): boolean {
  return error instanceof Error && OF_FOLDER.has((error as { readonly code?: string }).code ?? "");
}

const OF_FOLDER: ReadonlySet<string> = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"]);

async function replaceFile({ path, info }: FileTarget, bytes: Uint8Array): Promise<void> {
  const { file, path: beside, drop, keep } = openBeside(path);
  try {
    using open = file;
    await writeAll(open, bytes);
    await open.sync();
    if (info !== null && Deno.build.os !== "windows") {
      if (info.uid !== null && info.gid !== null) await Deno.chown(beside, info.uid, info.gid).catch(() => {});
      if (info.mode !== null) await Deno.chmod(beside, info.mode & 0o7777); // after the owner, which clears bits
    }
    await Deno.rename(beside, path);
    keep();
  } catch (error) {
    drop();
    throw error;
  }
}

async function writeInto(path: string, bytes: Uint8Array, how: Deno.OpenOptions): Promise<void> {
  using file = await Deno.open(path, { write: true, ...how });
  await writeAll(file, bytes);
  if (how.truncate === true) await file.sync();
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

const folderOf = (path: string) => /^.*[/\\]/s.exec(path)?.[0] ?? "";
