import type { Socket } from "node:net";

/** Most connections where the system allows as many: more than a test opens. */
const MOST = 5000;
/**
 * The share of the files that may be open. A connection that is closed holds its file a little longer, while others come,
 * and a server that finds no file for one takes no more of them.
 */
const SHARE = 0.6;
/** Where the system's limit cannot be found out: that of 1024, which is usual. */
const USUAL = 1024 * SHARE;
/** Longest silence between two lines about it, ms. */
const REST_MS = 60_000;

/**
 * The connections of a server: never more than there is room for. Beyond that the one is closed for whose next request
 * the server has waited longest, so that those which only stand there, or send a request byte by byte, keep nobody out.
 */
export class Connections {
  /** Those that the server waits for, longest first. */
  readonly #waiting = new Set<Socket>();
  readonly #all = new Set<Socket>();
  readonly #most: number;
  readonly #log: (line: string) => void;
  #saidAtMs = -Infinity;

  /** @param most How many there may be. @param log Is told, a line now and then, when there are more. */
  constructor(most: number, log: (line: string) => void) {
    this.#most = most;
    this.#log = log;
  }

  /** A connection was opened. */
  add(socket: Socket): void {
    this.#all.add(socket);
    this.#waiting.add(socket);
    socket.once("close", () => {
      this.#all.delete(socket);
      this.#waiting.delete(socket);
    });
    if (this.#all.size <= this.#most) return;
    this.#say();
    const [longest = socket] = this.#waiting;
    longest.destroy();
    this.#all.delete(longest);
    this.#waiting.delete(longest);
  }

  /** Its request has come whole: now the client waits. */
  serves(socket: Socket): void {
    this.#waiting.delete(socket);
  }

  /** Its answer was written: the next request may come. */
  waits(socket: Socket): void {
    if (this.#all.has(socket)) this.#waiting.add(socket);
  }

  /** Closes those that the server waits for. */
  closeWaiting(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  #say(): void {
    const nowMs = performance.now();
    if (nowMs - this.#saidAtMs < REST_MS) return;
    this.#saidAtMs = nowMs;
    this.#log(`More than ${this.#most} connections: those that have sent no whole request for longest are closed.`);
  }
}

/**
 * How many connections this process has room for. It has no permission to ask for the system's limit, so that files are
 * opened until there are enough, or no more.
 *
 * @param path A file that may be read, or `null` where there is none.
 */
export function roomForConnections(path: string | URL | null): number {
  if (path === null) return Math.floor(USUAL);
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < MOST / SHARE) files.push(Deno.openSync(path));
  } catch {
    // There are no more.
  } finally {
    for (const file of files) file.close();
  }
  return Math.max(1, Math.floor(files.length * SHARE));
}
