import { concatenate } from "../core/concatenate.ts";

/** Which end of a ZeroMQ pattern this is. */
export type SocketType = "DEALER" | "SUB";

/** One connection that speaks ZeroMQ's wire protocol. */
export interface ZmtpConnection {
  /** Sends one message, all its frames. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** The next message, all its frames; `null` once the peer has closed the connection. */
  receive(): Promise<readonly Uint8Array[] | null>;
  /** Closes the connection; a `receive()` under way then gives `null`. */
  close(): void;
}

const FLAG = { more: 1, long: 2, command: 4 } as const;
const GREETING_BYTES = 64;
/** A frame longer than this is no output of a notebook but a broken stream. */
const LONGEST_FRAME_BYTES = 2 ** 30;

/**
 * Connects to a ZeroMQ socket on this machine: ZMTP 3.0 with the NULL mechanism (https://rfc.zeromq.org/spec/23/), which
 * is what a Jupyter kernel speaks. A `SUB` end subscribes to everything.
 *
 * @param port Port on 127.0.0.1.
 * @param socketType Which end this is.
 * @returns The connection, after both ends have shaken hands.
 * @throws {Deno.errors.ConnectionRefused} If nobody listens.
 * @throws {TypeError} If the peer speaks something else.
 */
export async function connectZmtp(port: number, socketType: SocketType): Promise<ZmtpConnection> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    connection.setNoDelay(true);
    const reader = new ExactReader(connection);
    await writeAll(connection, greeting());
    const theirs = await reader.read(GREETING_BYTES);
    if (theirs === null || theirs[0] !== 0xff || theirs[9] !== 0x7f || theirs[10]! < 3) {
      throw new TypeError(`Cannot talk to port ${port} as it must speak ZMTP 3: found something else`);
    }
    await writeAll(connection, encodeFrame(ready(socketType), FLAG.command));
    await readFrame(reader); // their READY
    if (socketType === "SUB") await writeAll(connection, encodeFrame(Uint8Array.of(1), 0));
    return open(connection, reader);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function open(connection: Deno.Conn, reader: ExactReader): ZmtpConnection {
  let closed = false;
  return {
    send: (frames) =>
      writeAll(
        connection,
        concatenate(frames.map((frame, index) => encodeFrame(frame, index < frames.length - 1 ? FLAG.more : 0))),
      ),
    async receive() {
      const frames: Uint8Array[] = [];
      while (true) {
        const frame = await readFrame(reader);
        if (frame === null) return null;
        if (frame.flags & FLAG.command) continue;
        frames.push(frame.body);
        if (!(frame.flags & FLAG.more)) return frames;
      }
    },
    close() {
      if (closed) return;
      closed = true;
      connection.close();
    },
  };
}

function greeting(): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(new TextEncoder().encode("NULL"), 12);
  return bytes;
}

function ready(socketType: SocketType): Uint8Array {
  const encoder = new TextEncoder();
  const short = (text: string) => Uint8Array.of(text.length, ...encoder.encode(text));
  const property = (name: string, value: string) =>
    concatenate([short(name), Uint8Array.of(0, 0, 0, value.length), encoder.encode(value)]);
  return concatenate([short("READY"), property("Socket-Type", socketType), property("Identity", "")]);
}

function encodeFrame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length < 256) return concatenate([Uint8Array.of(flags, body.length), body]);
  const head = new Uint8Array(9);
  head[0] = flags | FLAG.long;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return concatenate([head, body]);
}

async function readFrame(reader: ExactReader): Promise<{ flags: number; body: Uint8Array } | null> {
  const flags = (await reader.read(1))?.[0];
  if (flags === undefined) return null;
  const size = await reader.read(flags & FLAG.long ? 8 : 1);
  if (size === null) return null;
  const length = flags & FLAG.long ? Number(new DataView(size.buffer, size.byteOffset).getBigUint64(0)) : size[0]!;
  if (length > LONGEST_FRAME_BYTES) {
    throw new RangeError(`Cannot read a frame as it must be at most ${LONGEST_FRAME_BYTES} bytes: found ${length}`);
  }
  const body = await reader.read(length);
  return body === null ? null : { flags, body };
}

/** Reads exactly as many bytes as asked for; `null` where the stream ends before. */
class ExactReader {
  #connection: Deno.Conn;
  #buffer = new Uint8Array(64 * 1024);
  #start = 0;
  #end = 0;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  async read(length: number): Promise<Uint8Array | null> {
    this.#makeRoom(length);
    while (this.#end - this.#start < length) {
      const count = await this.#connection.read(this.#buffer.subarray(this.#end)).catch(endOfStream);
      if (count === null) return null;
      this.#end += count;
    }
    const bytes = this.#buffer.slice(this.#start, this.#start + length);
    this.#start += length;
    return bytes;
  }

  #makeRoom(length: number): void {
    if (this.#start + length <= this.#buffer.length) return;
    const kept = this.#buffer.subarray(this.#start, this.#end);
    const target = length <= this.#buffer.length ? this.#buffer : new Uint8Array(2 * length);
    target.set(kept);
    [this.#buffer, this.#start, this.#end] = [target, 0, kept.length];
  }
}

/** A connection that was closed here or dropped there has ended: that is no failure. */
function endOfStream(error: unknown): null {
  const ends = [Deno.errors.BadResource, Deno.errors.Interrupted, Deno.errors.ConnectionReset, Deno.errors.BrokenPipe];
  if (ends.some((end) => error instanceof end)) return null;
  throw error;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
}
