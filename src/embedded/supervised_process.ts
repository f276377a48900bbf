import { spawnPermitted } from "../core/process/spawn_permitted.ts";

/** How a process ended. */
export interface ProcessEnd {
  /** Exit code. */
  readonly code: number;
  /** The last of what it wrote to stderr. */
  readonly errorText: string;
}

/** A process that lives no longer than this one. */
export interface SupervisedProcess {
  /** The first line of its stdout, or `null` if it ended without one. */
  readonly firstLine: Promise<string | null>;
  /** Resolves when it has ended. */
  readonly ended: Promise<ProcessEnd>;
  /**
   * Closes its stdin, upon which it ends by itself, and kills it if it does not.
   *
   * @param graceMs How long it may take, ms. @default {5000}
   */
  close(graceMs?: number): Promise<void>;
}

/** How long a process may take to end by itself, ms. */
const GRACE_MS = 5000;
/** How much of its stderr is kept, characters. */
const KEPT_ERROR_TEXT = 4000;

/**
 * Starts a process that ends when its stdin closes. The system closes it when this process is gone, even if killed.
 *
 * @param command Path of the program.
 * @param args Its arguments.
 * @param env Variables that it gets besides those of this process.
 * @param onErrorText Is told what it writes to stderr.
 */
export function superviseProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onErrorText: (text: string) => void = () => {},
): SupervisedProcess {
  const child = spawnPermitted(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { ...env, NO_COLOR: "1" },
    // Ctrl-C in a terminal goes to the whole process group: the process must outlive it until it is told to end.
    detached: true,
  });
  const errorText = readTail(child.stderr, onErrorText);
  const ended = Promise.all([child.status, errorText]).then(([{ code }, text]) => ({ code, errorText: text.trim() }));
  let closing: Promise<void> | null = null;
  return {
    firstLine: readFirstLine(child.stdout),
    ended,
    close: (graceMs = GRACE_MS) => closing ??= end(child, ended, graceMs),
  };
}

async function end(child: Deno.ChildProcess, ended: Promise<ProcessEnd>, graceMs: number): Promise<void> {
  // Closing fails where the process has ended already.
  await child.stdin.close().catch(() => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

async function readFirstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string | null> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  return null;
}

async function readTail(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onText: (text: string) => void,
): Promise<string> {
  let tail = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    tail = (tail + piece).slice(-KEPT_ERROR_TEXT);
    onText(piece);
  }
  return tail;
}
