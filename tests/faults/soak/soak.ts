import { startEmbeddedServer } from "../../../src/embedded/start.ts";
import { type Growth, growthVerdict, STABLE_BYTES_PER_REQUEST } from "../../../src/stats/trend/growth_verdict.ts";
import { KEPT_SAMPLES } from "../../../src/load/samples/sample_store.ts";
import { fromFileUrl } from "../../cli/paths.ts";
import { startTalking, type TalkingProcess } from "../talking_process.ts";
import { INJECTIONS } from "./injections.ts";
import type { ProxyCounts } from "./proxy_main.ts";
import { readRecorded, type Recorded } from "./recorded.ts";

const PROXY = fromFileUrl(import.meta.resolve("./proxy_main.ts"));
const MAIN = fromFileUrl(import.meta.resolve("../../../src/cli/main.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../../deno.json"));
/** As in the tasks. */
const HEAP = ["--v8-flags=--max-semi-space-size=4,--initial-old-space-size=24,--heap-growing-percent=50"];
const CONCURRENCY = 4;
/** Deadline of one request, ms. */
const DEADLINE_MS = 5000;
/** A request that takes so many times its deadline was not ended by it. */
const LATEST = 2;
/** Predictions before the first that is recorded: they tell how one is sent. */
const LEARNING = 2;
/** Starting and reporting take no longer, also on a busy machine, ms. */
const BESIDE_MS = 90_000;

type Proxy = TalkingProcess<{ readonly url: string }, ProxyCounts>;

/** Resident memory of the command and of the server at a number of predictions. */
interface MemorySample {
  readonly predictions: number;
  readonly client: number;
  readonly server: number;
}

/** What a soak found. */
export interface Soak {
  readonly code: number | null;
  readonly seconds: number;
  readonly stderr: string;
  readonly counts: ProxyCounts;
  readonly recorded: Recorded;
  /** Highest memory of the command that was seen, MB. */
  readonly peakMb: number;
  readonly growth: { readonly client: Growth | null; readonly server: Growth | null };
  /** What is wrong; none where all holds. */
  readonly flaws: readonly string[];
}

/**
 * Runs the real command against the embedded server through a proxy that spoils answers.
 *
 * @param options How long, and the seed of the faults.
 */
export async function soak(options: { readonly minutes: number; readonly seed: number }): Promise<Soak> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-soak-" });
  try {
    await using server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
    await using proxy: Proxy = await startTalking(PROXY, [server.url, String(options.seed)]);
    const samples = `${folder}/samples.csv`;
    const args = [
      ...["--test-type", "basic", "--url", proxy.first.url, "--model", "mobilenet_v2", "--format", "json"],
      ...["--concurrency", String(CONCURRENCY), "--warmup", "0", "--timeout", String(DEADLINE_MS / 1000)],
      ...["--requests", "10000000", "--duration", String(options.minutes * 60), "--samples", samples],
    ];
    const { memory, ...ended } = await runCommand(args, options.minutes * 60_000 + BESIDE_MS, proxy, server.pid);
    const counts = await settled(proxy);
    const recorded = await readRecorded(samples);
    const growth = { client: growthOf(memory, "client"), server: growthOf(memory, "server") };
    const peakMb = memory.reduce((peak, { client }) => Math.max(peak, client / 2 ** 20), 0);
    const found = { ...ended, counts, recorded, peakMb, growth };
    return { ...found, flaws: flawsOf(found) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runCommand(args: readonly string[], longestMs: number, proxy: Proxy, serverPid: number) {
  const startedAt = performance.now(), memory: MemorySample[] = [];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...HEAP, "-A", "--quiet", "--no-check", "--config", CONFIG, MAIN, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let ended = false, killed = false;
  const watch = async () => {
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { predictions } = await proxy.ask();
      const [client, server] = [await residentBytes(child.pid), await residentBytes(serverPid)];
      if (client !== null && server !== null) memory.push({ predictions, client, server });
      if (killed || performance.now() - startedAt < longestMs) continue;
      killed = true;
      child.kill("SIGKILL");
    }
  };
  const watched = watch();
  const [stderr, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
  ended = true;
  await watched;
  return { code: killed ? null : code, seconds: (performance.now() - startedAt) / 1000, stderr, memory };
}

async function residentBytes(pid: number): Promise<number | null> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return found === null ? null : Number(found[1]) * 1024;
}

/** What the proxy saw once the client has left. */
async function settled(proxy: Proxy): Promise<ProxyCounts> {
  for (let tries = 0;; tries++) {
    const counts = await proxy.ask();
    if (counts.open === 0 || tries === 30) return counts;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Fewer predictions than this say nothing of growth. */
const FEWEST_PREDICTIONS = 20_000;
/** So many times the samples that are kept, heaps and caches are filled. */
const FILLED_BY = 1.2;
/** The command's memory stays below this, MB. */
const LARGEST_MB = 700;

/** Growth once a run keeps no more samples: until then memory is filled. `null` where too little was seen. */
function growthOf(memory: readonly MemorySample[], of: "client" | "server"): Growth | null {
  const late = memory.filter(({ predictions }) => predictions > FILLED_BY * KEPT_SAMPLES);
  if (late.length < 10 || late.at(-1)!.predictions - late[0]!.predictions < FEWEST_PREDICTIONS) return null;
  return growthVerdict(late.map(({ predictions }) => predictions), late.map((sample) => sample[of]));
}

function flawsOf({ code, seconds, stderr, counts, recorded, peakMb, growth }: Omit<Soak, "flaws">): string[] {
  if (code === null) return [`must end in time: killed after ${seconds.toFixed(0)} s`];
  const flaws: string[] = [];
  if (code !== 0) flaws.push(`exit 0: ${code}, ${stderr.trim()}`);
  if (recorded.rows !== counts.predictions - LEARNING) {
    flaws.push(`requests sent as the proxy saw: ${recorded.rows} and ${LEARNING} for ${counts.predictions}`);
  }
  // At its end the client cancels what is under way, of which some may be answered in that instant.
  const { timeout = 0, cancelled = 0 } = recorded.outcomes;
  let crossed = timeout + cancelled - counts.left;
  if (timeout > counts.left || crossed < 0 || cancelled > CONCURRENCY) {
    flaws.push(`requests that were left: ${timeout} by their deadline and ${cancelled} at the end for ${counts.left}`);
  }
  for (const [reason, wanted] of injectedBy(counts)) {
    const { [reason]: got = 0 } = recorded.outcomes;
    if (got > wanted || got < wanted - crossed) flaws.push(`failures by ${reason}: ${got} for ${wanted}`);
    else crossed -= wanted - got;
  }
  const known = new Set(["success", "cancelled", ...INJECTIONS.map(({ reason }) => reason)]);
  const others = Object.entries(recorded.outcomes).filter(([outcome]) => !known.has(outcome));
  flaws.push(...others.map(([outcome, count]) => `no failures by ${outcome}: ${count}`));
  if (counts.lost > 0) flaws.push(`the embedded server answers everything: ${counts.lost} not`);
  if (counts.open > 0) flaws.push(`no connection left: ${counts.open}`);
  if (recorded.longestMs > LATEST * DEADLINE_MS) {
    flaws.push(`no deadline missed: a request took ${recorded.longestMs.toFixed(0)} ms of ${DEADLINE_MS}`);
  }
  if (peakMb > LARGEST_MB) flaws.push(`memory below ${LARGEST_MB} MB: ${peakMb.toFixed(0)} MB`);
  for (const [who, grown] of Object.entries(growth)) {
    // Below that a night's run costs less than a restart gives back.
    if (grown?.verdict === "growing" && grown.bytesPerRequest.low! > STABLE_BYTES_PER_REQUEST) {
      flaws.push(`memory of the ${who} flat: ${grown.bytesPerRequest.value.toFixed(0)} bytes more a request`);
    }
  }
  return flaws;
}

/** Faults that the client saw to their end, by the reason that they must be counted as. */
export function injectedBy({ injected }: ProxyCounts): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { name, reason } of INJECTIONS) {
    // What is silent the client leaves.
    if (reason !== "timeout") sums.set(reason, (sums.get(reason) ?? 0) + (injected[name] ?? 0));
  }
  return sums;
}
