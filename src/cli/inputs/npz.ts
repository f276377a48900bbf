import { UsageError } from "../../core/errors.ts";

/** One file of an archive. */
export interface ArchivedFile {
  /** Its name. */
  readonly name: string;
  /** What it holds. */
  readonly bytes: Uint8Array;
}

/** Of the records of an archive that stand behind its files. */
const END_SIGNATURE = 0x06054b50, ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22, ENTRY_BYTES = 46, LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const STORED = 0, DEFLATED = 8;

/**
 * Reads the files of an archive as `numpy.savez` and `numpy.savez_compressed` write them: ZIP (APPNOTE 6.3), stored or
 * deflated.
 *
 * @param archive The archive.
 * @param path Its name, for messages.
 * @throws {UsageError} If it is none, or holds nothing.
 */
export async function readNpz(archive: Uint8Array, path: string): Promise<readonly ArchivedFile[]> {
  const refuse = (required: string, found: string) =>
    new UsageError(`Cannot read the arrays of "${path}" as ${required}: ${found}`);
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const files: ArchivedFile[] = [];
  try {
    const end = endOf(view);
    let at = view.getUint32(end + 16, true);
    for (let i = view.getUint16(end + 10, true); i > 0; i--) {
      if (view.getUint32(at, true) !== ENTRY_SIGNATURE) throw new RangeError();
      const nameBytes = view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
      const local = view.getUint32(at + 42, true);
      const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = archive.subarray(from, from + view.getUint32(at + 20, true));
      const bytes = await unpacked(packed, view.getUint16(at + 10, true));
      if (bytes.length !== view.getUint32(at + 24, true)) throw new RangeError();
      files.push({ name, bytes });
      at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw refuse("it must be an archive of NumPy", "it is none, or damaged");
  }
  if (files.length === 0) throw refuse("it must hold arrays", "it is empty");
  return files;
}

/** Where the last record begins: a comment may follow it. */
function endOf(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  throw new RangeError();
}

async function unpacked(packed: Uint8Array, method: number): Promise<Uint8Array> {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new RangeError();
  const stream = new Blob([Uint8Array.from(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
