/**
 * A server of streamed answers of known times, over bare sockets, in a process of its own: `stream_server.ts JSON`, which is
 * a {@linkcode StreamBehaviour}, and a seed. It prints its port. `GET /truth/log` tells when it wrote what, and how late, and
 * `POST /truth/way` when it read that.
 *
 * @module
 */
import { httpAnswer, type RawConnection, startRawServer } from "../../wire/raw_server.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { RealTime } from "./real_time.ts";
import { StreamEngine } from "./stream_engine.ts";
import { chunkOf, DONE, FAILURE, FINISH } from "./stream_events.ts";
import { recordFrom, type StreamRecord, takeDown } from "./stream_record.ts";
import { epochMs } from "./way_probe.ts";

/** The model. */
export const TRUTH_MODEL = "truth";

const MODELS = JSON.stringify({ object: "list", data: [{ id: TRUTH_MODEL, object: "model" }] });
const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/** An answer, and what was not planned of it. */
export interface ToldAnswer extends StreamRecord {
  /** How late each of its moments of writing was, ms, others' writing included. */
  readonly latenessesMs: readonly number[];
  /** From the end of the answer before it on its connection until its request came, ms; `null` of the first. */
  readonly restMs: number | null;
}

const answers: ToldAnswer[] = [];
const time = new RealTime();

async function serve(connection: RawConnection, engine: StreamEngine): Promise<void> {
  let endedMs: number | null = null;
  for (let request = await connection.read(); request !== null; request = await connection.read()) {
    if (request.path === "/truth/log") await connection.write(httpAnswer(JSON.stringify(answers)));
    else if (request.path.startsWith("/truth/way")) await connection.write(httpAnswer(String(epochMs())));
    else if (request.method !== "POST") await connection.write(httpAnswer(MODELS));
    else {
      const over = Promise.withResolvers<void>();
      const record = recordFrom(performance.now());
      const restMs = endedMs === null ? null : record.cameMs - endedMs;
      const latenessesMs: number[] = [];
      const cancel = engine.submit({
        onChunks: (upTo) => {
          const nowMs = performance.now();
          latenessesMs.push(nowMs - time.now());
          takeDown(record, nowMs, upTo);
          connection.write(framed(...upTo.map(chunkOf)));
        },
        onEnd: (failed) => {
          endedMs = performance.now();
          answers.push(Object.assign(record, { latenessesMs, restMs, failed, endedMs }));
          connection.write(framed(...failed ? [FAILURE] : [FINISH, DONE]));
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
