import { concatenate } from "../../../src/core/concatenate.ts";

/** An archive as `numpy.savez` writes it: sizes of 64 bits in front of the files, of 32 in the directory. */
export async function zipped(files: Readonly<Record<string, Uint8Array>>, deflated: boolean): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [], directory: Uint8Array[] = [];
  let at = 0;
  const add = (piece: Uint8Array) => {
    pieces.push(piece);
    at += piece.length;
  };
  for (const [name, bytes] of Object.entries(files)) {
    const label = new TextEncoder().encode(name);
    const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const packed = deflated ? new Uint8Array(await new Response(stream).arrayBuffer()) : bytes;
    const local = new Uint8Array(30 + label.length + 20), entry = new Uint8Array(46 + label.length);
    const head = new DataView(local.buffer), record = new DataView(entry.buffer);
    head.setUint32(0, 0x04034b50, true);
    head.setUint32(18, 0xffffffff, true);
    head.setUint16(26, label.length, true);
    head.setUint16(28, 20, true);
    local.set(label, 30);
    record.setUint32(0, 0x02014b50, true);
    record.setUint16(10, deflated ? 8 : 0, true);
    record.setUint32(20, packed.length, true);
    record.setUint32(24, bytes.length, true);
    record.setUint16(28, label.length, true);
    record.setUint32(42, at, true);
    entry.set(label, 46);
    directory.push(entry);
    add(local);
    add(packed);
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, directory.length, true);
  end.setUint32(16, at, true);
  return concatenate([...pieces, ...directory, new Uint8Array(end.buffer)]);
}
