/**
 * A server of streamed answers of known times, over bare sockets, in a process of its own: `stream_server.ts JSON`, which is
 * a {@linkcode StreamBehaviour}, and a seed. It prints its port, and tells at `GET /truth/log` when it wrote what, and at
 * `GET /truth/lateness` how late it was.
 *
 * @module
 */
import { httpAnswer, type RawConnection, startRawServer } from "../../wire/raw_server.ts";
import type { StreamBehaviour, StreamRecord } from "./stream_behaviour.ts";
import { type EngineTime, StreamEngine } from "./stream_engine.ts";
import { chunkOf, DONE, FAILURE, FINISH } from "./stream_events.ts";

/** The model. */
export const TRUTH_MODEL = "truth";

const MODELS = JSON.stringify({ object: "list", data: [{ id: TRUTH_MODEL, object: "model" }] });
const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
/** Timers are late by up to so much, ms: the rest of a time is spent turning. */
const TURN_MS = 2;

/** Most lateness that is told; the quantiles of more would be the same. */
const MOST_TOLD = 400;

/** Real time, kept to some hundredths of a millisecond where the machine has nothing else to do. */
class RealTime implements EngineTime {
  readonly #lateMs: number[] = [];
  #due: { readonly atMs: number; readonly fire: () => void }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  now(): number {
    return performance.now();
  }

  after(ms: number, fire: () => void): () => void {
    const event = { atMs: this.now() + ms, fire };
    let at = this.#due.length;
    while (at > 0 && this.#due[at - 1]!.atMs <= event.atMs) at--;
    this.#due.splice(at, 0, event);
    this.#wait();
    return () => {
      this.#due = this.#due.filter((other) => other !== event);
    };
  }

  /** How late events were, ms, as evenly spaced quantiles; of the last three quarters of them, as the first ones are later. */
  lateness(): number[] {
    const sorted = this.#lateMs.slice(this.#lateMs.length >> 2).sort((a, b) => a - b);
    const count = Math.min(MOST_TOLD, sorted.length);
    return Array.from({ length: count }, (_, i) => sorted[Math.floor((i + 0.5) * sorted.length / count)]!);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const next = this.#due.at(-1);
    if (next === undefined) return;
    const leftMs = next.atMs - this.now();
    if (leftMs > TURN_MS) this.#timer = setTimeout(() => this.#wait(), leftMs - TURN_MS);
    else if (leftMs > 0) setImmediate(() => this.#wait());
    else {
      this.#due.pop();
      this.#lateMs.push(-leftMs);
      next.fire();
      this.#wait();
    }
  }
}

const records: StreamRecord[] = [];
const time = new RealTime();

async function serve(connection: RawConnection, engine: StreamEngine): Promise<void> {
  for (let request = await connection.read(); request !== null; request = await connection.read()) {
    if (request.path === "/truth/log") await connection.write(httpAnswer(JSON.stringify(records)));
    else if (request.path === "/truth/lateness") await connection.write(httpAnswer(JSON.stringify(time.lateness())));
    else if (request.method !== "POST") await connection.write(httpAnswer(MODELS));
    else {
      const over = Promise.withResolvers<void>();
      const cancel = engine.submit({
        onChunks: (upTo) => void connection.write(framed(...upTo.map(chunkOf))),
        onEnd: (record) => {
          records.push(record);
          connection.write(framed(...record.failed ? [FAILURE] : [FINISH, DONE]));
          connection.write("0\r\n\r\n").then(() => over.resolve());
        },
      });
      connection.closed.then(cancel);
      await connection.write(HEAD);
      await Promise.race([over.promise, connection.closed]);
    }
  }
}

/** Events as one chunk of a body. */
function framed(...events: readonly Uint8Array[]): Uint8Array {
  const length = events.reduce((sum, { length }) => sum + length, 0);
  const before = new TextEncoder().encode(`${length.toString(16)}\r\n`);
  const all = new Uint8Array(before.length + length + 2);
  all.set(before);
  let at = before.length;
  for (const event of events) {
    all.set(event, at);
    at += event.length;
  }
  all.set([13, 10], at);
  return all;
}

if (import.meta.main) {
  const behaviour = JSON.parse(Deno.args[0]!) as StreamBehaviour;
  const engine = new StreamEngine(behaviour, Number(Deno.args[1] ?? 1), time);
  const server = await startRawServer((connection) => serve(connection, engine));
  // deno-lint-ignore no-console -- this is a program
  console.log(server.port);
}
