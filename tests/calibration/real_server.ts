import type { Target } from "../../src/core/target.ts";
import { connect } from "../../src/protocols/connect.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import type { TruthLoad } from "./truth.ts";
import { REFERENCE_INPUT, type TruthLog } from "./truth_server.ts";

/** A truth server in its own process. */
export interface RealServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
  /** To be measured. */
  readonly target: Target;
  /** What really happened so far. */
  log(): Promise<TruthLog>;
}

/**
 * Starts a truth server and connects to it.
 *
 * @param behaviour What it does.
 * @param seed Of everything random.
 */
export async function startRealServer(behaviour: ServerBehaviour, seed: number): Promise<RealServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--v8-flags=--expose-gc",
      new URL("truth_server.ts", import.meta.url).pathname,
      JSON.stringify({ behaviour, seed }),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const close = async () => {
    await child.stdin.close();
    await child.status;
  };
  try {
    const url = `http://127.0.0.1:${await firstLine(child.stdout)}`;
    const target = await connect(url, { model: "truth" });
    return {
      url,
      target,
      log: async () => await (await fetch(`${url}/truth/log`)).json() as TruthLog,
      [Symbol.asyncDispose]: async () => {
        await target.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The first line that a program prints. */
export async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.includes("\n")) break;
  }
  await reader.cancel();
  return text.trim();
}

/** Requests of the reference. */
const REFERENCE_REQUESTS = 100;
const REFERENCE_WARM_UP = 20;

/**
 * What the way over loopback adds to a latency, ms, the shortest first: what a bare socket sees less what the server says that
 * it took. It is measured apart from the tool, whose own time is an error, once the test is over: a server's first answers take
 * longer.
 *
 * @param server What was tested.
 */
export async function measureWaysMs(server: RealServer): Promise<number[]> {
  const { port } = new URL(server.url);
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  socket.setNoDelay(true);
  const body = JSON.stringify({ inputs: REFERENCE_INPUT });
  const request = new TextEncoder().encode(
    `POST /truth/predict HTTP/1.1\r\nhost: truth\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  const latenciesMs: number[] = [];
  for (let i = 0; i < REFERENCE_WARM_UP + REFERENCE_REQUESTS; i++) {
    const sentAt = performance.now();
    await socket.write(request);
    await readAnswer(socket);
    latenciesMs.push(performance.now() - sentAt);
  }
  const references = (await server.log()).served.filter(({ isReference }) => isReference);
  const waysMs = latenciesMs.map((ms, i) => ms - references[i]!.actualMs);
  return waysMs.slice(REFERENCE_WARM_UP).sort((a, b) => a - b);
}

/** Most lateness that the truth is made from; the quantiles of more would be the same. */
const MOST_LATENESSES = 400;
/** A step through the ways that meets all and no order: each goes with short and long latenesses alike. */
const WAY_STEP = 61;
/** So many requests of one load tell its latenesses; of fewer those of all loads do. */
const ENOUGH_SERVED = 50;

/**
 * What lateness of the server and the way to it added to latencies, ms, as a sample.
 *
 * @param log What happened; that a request waited in line is meant, and not late.
 * @param waysMs What the way adds, which has nothing to do with how late the server is.
 * @param load Only under this closed loop, whose concurrency is at least twice that of the level before. @default {any}
 * @param last Only so many requests before the end. @default {all}
 */
export function overheadsMs(log: TruthLog, waysMs: readonly number[], load?: TruthLoad, last = Infinity): number[] {
  return latenessesMs(log, load, last).map((ms, i) => ms + waysMs[WAY_STEP * i % waysMs.length]!);
}

/**
 * How late the server's answers were, ms, as a sample of evenly spaced quantiles.
 *
 * @param log What happened; that a request waited in line is meant, and not late.
 * @param load Only under this closed loop, whose concurrency is at least twice that of the level before. @default {any}
 * @param last Only so many requests before the end. @default {all}
 */
export function latenessesMs({ served }: TruthLog, load?: TruthLoad, last = Infinity): number[] {
  const own = load === undefined
    ? []
    : served.filter(({ batchSize, outstanding }) =>
      batchSize === load.batchSize && outstanding <= load.concurrency && outstanding > load.concurrency / 2
    );
  const sorted = (own.length < ENOUGH_SERVED ? served : own).slice(-Math.max(ENOUGH_SERVED, last)).map((
    { plannedMs, actualMs },
  ) => actualMs - plannedMs)
    .sort((a, b) => a - b);
  const count = Math.min(MOST_LATENESSES, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor((i + 0.5) * sorted.length / count)]!);
}

/** Reads one whole answer with a JSON object as its body, whose end is the last brace. */
async function readAnswer(socket: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4096);
  let text = "";
  while (true) {
    const length = await socket.read(buffer);
    if (length === null) throw new Error("Cannot measure the way to the truth server as it must answer: it closed");
    text += new TextDecoder().decode(buffer.subarray(0, length));
    const bodyAt = text.indexOf("\r\n\r\n") + 4;
    const wanted = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
    if (bodyAt > 3 && text.length - bodyAt >= wanted) return;
  }
}
