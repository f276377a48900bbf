import { setImmediate } from "node:timers";
import type { WireBody, WireRequest } from "../../core/transport.ts";
import type { Outgoing, OutgoingPool } from "./outgoing.ts";

/** Is told what a connection brings. Nothing is told of one that was dropped. */
export interface ConnectionOwner {
  /** Bytes came, at the beginning of `bytes`, which are used again afterwards. */
  onBytes(bytes: Uint8Array, end: number): void;
  /** Where the next bytes may be read to instead, or `null`. They are told as `onBytes` as well. */
  roomForBytes(): Uint8Array | null;
  /**
   * The server sends nothing more: an error, or `null` if it closed in form. `writeError` is what writing had failed with
   * before that, or `null`.
   */
  onEnd(error: unknown, writeError: unknown): void;
  /** The first byte of a request is about to be handed to the system. */
  onSending(): void;
  /** The last byte of a request was handed to the system. */
  onWritten(): void;
}

/** Read into at once: more than most answers, and many times what one read of a stream brings. */
const READ_BYTES = 32 * 1024;
const PAGE_BYTES = 4096;
/**
 * A request of up to so much is put together in one buffer and written at once, though that costs a copy: a server in Python
 * wakes for the first piece that comes, and the rest meets it at work. Of a larger one small parts are, the head among them;
 * large parts are written as they are.
 *
 * Measured against a Python server that reads the body (aiohttp) and a C server that discards it, requests/s and CPU us a
 * request of the client, medians of five rounds on a machine with other work:
 *
 * | 602 KB                                     | Python     | C          |
 * | ------------------------------------------ | ---------- | ---------- |
 * | head and 64 KB of the part, then its rest  |  377, 527  | 5034, 196  |
 * | head, then the part                        |  781, 301  | 5421, 182  |
 * | all copied into one buffer                 | 1229, 320  | 4436, 211  |
 *
 * Of 16 such parts, 9.6 MB, the three reach 63, 76 and 82 requests/s with 4520, 4292 and 5106 us at the Python server.
 */
const WHOLE_BYTES = 2 ** 20;
/** Parts of up to so much are small. Joining 16 KB to 256 KB made no difference. */
const SMALL_BYTES = 64 * 1024;
/**
 * Where a server reads as fast as the system takes bytes, every write is over at once, and nothing else of this program would
 * run before the last: after so many bytes, about 1 ms, it may. With 4 MiB the event loop's lateness was 4.2 instead of 2.8 ms
 * (p99, requests of 9.6 MB, medians of eleven rounds as `dev:bench --only loop-lag` makes them), with 2 % more requests.
 */
const BYTES_A_TURN = 2 * 2 ** 20;
/** Of large requests since the last such turn, in parts of any size, over all connections. */
let bytesInTurn = 0;

/** Empty lines before a request mean nothing (RFC 9112, 2.2). */
const NOTHING_MEANT = new TextEncoder().encode("\r\n");

let offset = 0;

/**
 * A buffer to read into. Each begins elsewhere in its page: else those of many connections fall on the same few lines of
 * the processor's cache, which made a request over 128 of them 10 % dearer.
 */
function readBuffer(): Uint8Array<ArrayBuffer> {
  offset = (offset + 5 * 64) % PAGE_BYTES;
  return new Uint8Array(READ_BYTES + PAGE_BYTES).subarray(offset, offset + READ_BYTES);
}

/** The request in one piece, where there is room for its head in front of its body. */
function joinedInPlace(head: Uint8Array, body: WireBody, headRoom: number): Uint8Array<ArrayBuffer> | null {
  if (head.length > headRoom || !(body instanceof Uint8Array)) return null;
  const whole = new Uint8Array(body.buffer, body.byteOffset - head.length, head.length + body.length);
  whole.set(head);
  return whole;
}

/**
 * One open socket: reads as long as it is open, so that a server's closing is seen at once, and writes one request at a
 * time.
 */
export class Connection {
  /** Resolves when nothing of it is going on any more. */
  readonly closed: Promise<void>;
  readonly #socket: Deno.Conn;
  readonly #owner: ConnectionOwner;
  readonly #outgoingPool: OutgoingPool;
  readonly #incoming = readBuffer();
  /** In use while a request is written. */
  #outgoing: Outgoing | null = null;
  #view = this.#incoming;
  /** Of the pool, for a large request that is put together. */
  #reservedBytes = 0;
  #writeError: unknown = null;
  #dropped = false;
  #held = true;
  readonly #onWritten = (bytes: number) => this.#wroteSome(this.#view, bytes);
  readonly #onWriteError = (error: unknown) => {
    // The server may have answered, and said why it reads no further: what is read decides.
    this.#writeError = error;
  };

  /**
   * Begins to read.
   *
   * @param socket The open socket, which becomes the connection's own.
   * @param owner Is told what comes.
   * @param outgoing Gives buffers for requests.
   */
  constructor(socket: Deno.Conn, owner: ConnectionOwner, outgoing: OutgoingPool) {
    this.#socket = socket;
    this.#owner = owner;
    this.#outgoingPool = outgoing;
    this.closed = this.#read();
  }

  /** Whether a request is not yet handed over whole. */
  get isWriting(): boolean {
    return this.#outgoing !== null;
  }

  /** Holds the process while something is outstanding. */
  hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.#socket.ref();
  }

  /** Lets the process end while nothing is outstanding. */
  release(): void {
    this.#held = false;
    this.#socket.unref();
  }

  /** Closes the socket, which ends a write as well: the request's memory is free. Nothing more is told of it. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#release();
    this.#socket.close();
  }

  /**
   * Writes a request. The one before must be written.
   *
   * @param head Its head.
   * @param request Its body.
   * @param bodyBytes The body's length.
   */
  send(head: Uint8Array, { body, headRoom = 0 }: Pick<WireRequest, "body" | "headRoom">, bodyBytes: number): void {
    const outgoing = this.#outgoing = this.#outgoingPool.take();
    const bytes = head.length + bodyBytes;
    const joined = bytes > SMALL_BYTES ? joinedInPlace(head, body!, headRoom) : null;
    if (bytes > SMALL_BYTES && (joined === null ? !this.#mayJoin(bytes) : bytes > WHOLE_BYTES)) {
      this.#owner.onSending();
      const sent = joined === null ? this.#sendLarge(head, body!, outgoing) : this.#sendWhole(joined);
      return void sent.catch(this.#onWriteError);
    }
    this.#view = joined ?? outgoing.join(head, body, bytes);
    this.#owner.onSending();
    this.#socket.write(this.#view).then(this.#onWritten, this.#onWriteError);
  }

  #mayJoin(bytes: number): boolean {
    if (bytes > WHOLE_BYTES || !this.#outgoingPool.reserve(bytes)) return false;
    this.#reservedBytes = bytes;
    return true;
  }

  #release(): void {
    if (this.#reservedBytes > 0) this.#outgoingPool.release(this.#reservedBytes);
    this.#reservedBytes = 0;
  }

  #wroteSome(view: Uint8Array, bytes: number): void {
    if (bytes < view.length) {
      const rest = view.subarray(bytes);
      this.#socket.write(rest).then((more) => this.#wroteSome(rest, more), this.#onWriteError);
    } else this.#wroteAll();
  }

  #wroteAll(): void {
    this.#release();
    this.#outgoingPool.giveBack(this.#outgoing!);
    this.#outgoing = null;
    if (!this.#dropped) this.#owner.onWritten();
  }

  async #sendLarge(head: Uint8Array, body: WireBody, buffer: Outgoing): Promise<void> {
    const parts = body instanceof Uint8Array ? [body] : body;
    const outgoing = buffer.room(Math.max(head.length, SMALL_BYTES));
    outgoing.set(head, 0);
    let joined = head.length;
    const flush = async () => {
      if (joined > 0) await this.#writeAll(outgoing.subarray(0, joined));
      joined = 0;
    };
    for (const part of parts) {
      if (joined + part.length > SMALL_BYTES) await flush();
      if (part.length > SMALL_BYTES) await this.#writeAll(part);
      else {
        outgoing.set(part, joined);
        joined += part.length;
      }
    }
    await flush();
    this.#wroteAll();
  }

  async #sendWhole(request: Uint8Array): Promise<void> {
    await this.#writeAll(request);
    this.#wroteAll();
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const written = await this.#socket.write(bytes.subarray(at, at + BYTES_A_TURN));
      at += written;
      bytesInTurn += written;
      if (bytesInTurn < BYTES_A_TURN) continue;
      bytesInTurn = 0;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /**
   * Whether a server that sends nothing more takes nothing more either: then it had closed before the request came.
   *
   * @param roundTripMs How long its system may need to say so.
   * @param otherwise What is said of TLS: its end is answered first, and what comes meanwhile is taken, and not read.
   */
  async takesNothing(roundTripMs: number, otherwise: boolean): Promise<boolean> {
    if (this.isWriting || otherwise && "handshake" in this.#socket) return true;
    await new Promise<void>((resolve) => setTimeout(resolve, roundTripMs));
    try {
      await this.#socket.write(NOTHING_MEANT);
      return false;
    } catch {
      return true;
    }
  }

  async #read(): Promise<void> {
    while (!this.#dropped) {
      const room = this.#owner.roomForBytes() ?? this.#incoming;
      let bytes: number | null, error: unknown = null;
      try {
        bytes = await this.#socket.read(room);
      } catch (cause) {
        bytes = null;
        error = cause;
      }
      if (this.#dropped) return;
      if (bytes === null) return this.#owner.onEnd(error, this.#writeError);
      this.#owner.onBytes(room, bytes);
    }
  }
}
