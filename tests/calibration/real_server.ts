import type { Target } from "../../src/core/target.ts";
import { connect } from "../../src/protocols/connect.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import type { TruthLoad } from "./truth.ts";
import type { MetWay } from "./streams/way_probe.ts";
import type { ServedRequest, TruthLog } from "./truth_server.ts";

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
      // It reads what it holds, which a system shows to whoever may do everything.
      "--allow-all",
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

/** Most lateness and ways that the truth is made from; the quantiles of more would be the same. */
const MOST_LATENESSES = 400, MOST_WAYS = 100;
/** A step through the ways that meets all and no order: each goes with short and long latenesses alike. */
const WAY_STEP = 61;
/** From when to when, ms of the clock of all processes. */
export type Spans = readonly (readonly [fromMs: number, toMs: number])[];

/** So many requests of one load tell its latenesses; of fewer those of all loads at those times do. */
const ENOUGH_SERVED = 50;
/** The same of the ways that were met under it. */
const ENOUGH_WAYS = 25;

/**
 * What lateness of the server and the way to it added to latencies, ms, as a sample.
 *
 * @param log What happened; that a request waited in line is meant, and not late.
 * @param ways What a bare socket met meanwhile: apart from the tool, whose own time is an error, and as it is while the test
 * runs, since the same machine does more, or less, afterwards.
 * @param load Only under this closed loop, whose concurrency is at least twice that of the level before. @default {any}
 * @param spans Only of requests that came in these times. @default {all}
 */
export function overheadsMs(log: TruthLog, ways: readonly MetWay[], load?: TruthLoad, spans?: Spans): number[] {
  const waysMs = waysUnder(log.served, servedUnder(log, load, spans), sinceFirst(ways, spans), load);
  return latenessesMs(log, load, spans).map((ms, i) => ms + waysMs[WAY_STEP * i % waysMs.length]!);
}

/**
 * How late the server's answers were, ms, as a sample of evenly spaced quantiles.
 *
 * @param log What happened; that a request waited in line is meant, and not late.
 * @param load Only under this closed loop, whose concurrency is at least twice that of the level before. @default {any}
 * @param spans Only of requests that came in these times. @default {all}
 */
export function latenessesMs(log: TruthLog, load?: TruthLoad, spans?: Spans): number[] {
  const latenesses = servedUnder(log, load, spans).map(({ plannedMs, actualMs }) => actualMs - plannedMs);
  return evenQuantiles(latenesses, MOST_LATENESSES);
}

/**
 * How many requests were under way as others came, as a sample of evenly spaced quantiles: on the way to the server none is.
 *
 * @param log What happened.
 * @param load Only under this closed loop. @default {any}
 * @param spans Only of requests that came in these times. @default {all}
 */
export function outstandings(log: TruthLog, load?: TruthLoad, spans?: Spans): number[] {
  return evenQuantiles(servedUnder(log, load, spans).map(({ outstanding }) => outstanding), MOST_LATENESSES);
}

/** The requests of one load that came in some times, or all that did where these were few. */
function servedUnder(
  { served }: TruthLog,
  load: TruthLoad | undefined,
  spans: Spans | undefined,
): readonly ServedRequest[] {
  const within = withinSpans(served, spans);
  const own = load === undefined
    ? []
    : within.filter(({ batchSize, outstanding }) =>
      batchSize === load.batchSize && outstanding <= load.concurrency && outstanding > load.concurrency / 2
    );
  return own.length >= ENOUGH_SERVED ? own : within;
}

/** What came in some times; all where none did. */
function withinSpans<T extends { readonly atMs: number }>(all: readonly T[], spans: Spans | undefined): readonly T[] {
  const within = all.filter(({ atMs }) => spans?.some(([fromMs, toMs]) => atMs >= fromMs && atMs <= toMs) ?? true);
  return within.length > 0 ? within : all;
}

/** What was met from the first of some times on, or all where nothing was: the first of a test are like none that follow. */
function sinceFirst(ways: readonly MetWay[], spans: Spans = []): readonly MetWay[] {
  const firstMs = Math.min(...spans.map(([fromMs]) => fromMs));
  const since = ways.filter(({ atMs }) => atMs >= firstMs);
  return since.length > 0 ? since : ways;
}

/**
 * The ways that were met right behind some requests, or all where these were few, ms, as evenly spaced quantiles. A lone request
 * meets none of those that waited while it was read itself.
 */
function waysUnder(
  served: readonly ServedRequest[],
  some: readonly ServedRequest[],
  ways: readonly MetWay[],
  load: TruthLoad | undefined,
): number[] {
  const those = new Set(some), inTurn = served.toSorted((a, b) => a.atMs - b.atMs);
  let next = 0;
  // By how well they are like the ways of such requests.
  const kinds: MetWay[][] = [[], [], []];
  for (const way of ways) {
    const { atMs, thereMs } = way;
    while (next < inTurn.length && inTurn[next]!.atMs <= atMs) next++;
    const [before, after] = [inTurn[next - 1], inTurn[next]];
    const isRead = (before !== undefined && atMs < before.atMs + before.readMs) ||
      (after !== undefined && after.atMs < atMs + thereMs);
    const isUnder = before !== undefined && those.has(before);
    kinds[load?.concurrency === 1 && isRead ? 2 : isUnder ? 0 : 1]!.push(way);
  }
  const [like, fair] = kinds as [MetWay[], MetWay[]];
  const met = [like, [...like, ...fair]].find(({ length }) => length >= ENOUGH_WAYS) ?? ways;
  const isClosed = load !== undefined;
  return evenQuantiles(
    met.map(({ thereMs, behindMs, waitedMs }) => (isClosed ? behindMs : thereMs) + waitedMs),
    MOST_WAYS,
  );
}

function evenQuantiles(values: readonly number[], most: number): number[] {
  const sorted = values.toSorted((a, b) => a - b), count = Math.min(most, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor((i + 0.5) * sorted.length / count)]!);
}
