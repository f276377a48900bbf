/**
 * A server of known behaviour in a process of its own, over real HTTP: it speaks the torch-inference contract, takes the time
 * that its {@linkcode ServerModel} says, really allocates what it leaks, tells at `GET /truth/log` what happened, and at
 * `POST /truth/way` when it read that.
 *
 * `deno run -A --v8-flags=--expose-gc truth_server.ts '{"behaviour": {...}, "seed": 1}'` prints its port and ends when its standard input closes.
 */
import type { HeldMemory, ServerBehaviour } from "./server_behaviour.ts";
import { cachedBytes, ServerModel } from "./server_model.ts";
import { RealTime } from "./streams/real_time.ts";
import { epochMs } from "./streams/way_probe.ts";

/** A server whose memory is the truth collects its own garbage every so many requests. */
const COLLECT_EVERY = 50;
/** The log is taken in advance, so that it is no leak. */
const MOST_LOGGED = 200_000;

/** A request that was answered. */
export interface ServedRequest {
  /** What it was meant to take, ms. */
  readonly plannedMs: number;
  /** What it took, ms. */
  readonly actualMs: number;
  /** Items. */
  readonly batchSize: number;
  /** Requests under way at its arrival, itself among them. */
  readonly outstanding: number;
  /** When it came, ms of the clock of all processes. */
  readonly atMs: number;
  /** How long it took to be read, in which the server does nothing else, ms. */
  readonly readMs: number;
}

/** What `GET /truth/log` answers. */
export interface TruthLog {
  /** Requests answered, in the order in which they ended. */
  readonly served: readonly ServedRequest[];
  /** Requests answered with a failed item. */
  readonly failed: number;
  /** Loads that did happen. */
  readonly loads: number;
  /** Unloads that did happen. */
  readonly unloads: number;
  /** Load and extra time of the first inference of each cold start, ms. */
  readonly coldMs: readonly { readonly loadMs: number; readonly firstMs: number }[];
  /** Of one whose memory is the truth: what it held. */
  readonly held: readonly HeldMemory[];
}

const time = new RealTime();

class TruthServer {
  readonly #model: ServerModel;
  readonly #freeAtMs: number[] | null;
  readonly #plannedMs = new Float64Array(MOST_LOGGED).fill(NaN);
  readonly #actualMs = new Float64Array(MOST_LOGGED).fill(NaN);
  readonly #batchSizes = new Uint32Array(MOST_LOGGED).fill(1);
  readonly #outstandings = new Uint32Array(MOST_LOGGED).fill(1);
  readonly #atMs = new Float64Array(MOST_LOGGED).fill(NaN);
  readonly #readMs = new Float64Array(MOST_LOGGED).fill(NaN);
  #served = 0;
  readonly #leaked: Uint8Array[] = [];
  readonly #held: HeldMemory[] = [];
  #weights: Uint8Array | null = null;
  #outstanding = 0;
  #startMs: number | null = null;

  constructor(behaviour: ServerBehaviour, seed: number) {
    this.#model = new ServerModel(behaviour, seed);
    this.#freeAtMs = behaviour.workers ? Array<number>(behaviour.workers).fill(0) : null;
    this.#allocateWeights();
  }

  readonly handle = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case "GET /health":
        return Response.json({ healthy: true, checks: {}, timestamp: Date.now() });
      case "GET /models":
        return Response.json(this.#models());
      case "POST /truth/way":
        return await tellWay(request, Number(searchParams.get("after") ?? 0));
      case "GET /truth/log":
        return Response.json(this.#log());
      case "POST /autoscaler/load":
        return await this.#change(searchParams.get("model_name"), true);
      case "DELETE /autoscaler/unload":
        return await this.#change(searchParams.get("model_name"), false);
      case "POST /truth/predict":
        return await this.#predict(request);
    }
    return Response.json({ detail: "Not Found" }, { status: 404 });
  };

  #models() {
    const { loaded } = this.#model;
    return { models: ["truth"], model_info: { truth: { loaded, device: "cpu", input_type: "text" } }, total_models: 1 };
  }

  #log(): TruthLog {
    const { failed, loads, unloads, coldMs } = this.#model.log;
    const served = Array.from({ length: Math.min(MOST_LOGGED, this.#served) }, (_, i) => ({
      plannedMs: this.#plannedMs[i]!,
      actualMs: this.#actualMs[i]!,
      batchSize: this.#batchSizes[i]!,
      outstanding: this.#outstandings[i]!,
      atMs: this.#atMs[i]!,
      readMs: this.#readMs[i]!,
    }));
    return { served, failed, loads, unloads, coldMs, held: this.#held };
  }

  async #change(name: string | null, load: boolean): Promise<Response> {
    if (name !== "truth") {
      return Response.json({ success: false, message: `Model ${name} not found`, model_name: name });
    }
    if (load) {
      await untilMoment(performance.now() + this.#model.load());
      this.#allocateWeights();
    } else {
      this.#model.unload();
      if (!this.#model.loaded) this.#weights = null;
      collectGarbage();
    }
    return Response.json({ success: true, message: "Done", model_name: name });
  }

  async #predict(request: Request): Promise<Response> {
    const arrivedMs = performance.now();
    this.#startMs ??= arrivedMs;
    const outstanding = ++this.#outstanding;
    const text = await request.text();
    const { inputs } = JSON.parse(text) as { inputs: unknown };
    const batchSize = Array.isArray(inputs) ? inputs.length : 1;
    const readAtMs = performance.now(), readMs = readAtMs - arrivedMs;
    // The original's trap: a model that is not there is answered by another.
    if (!this.#model.loaded) {
      this.#outstanding--;
      return answer("example", [{ label: "x" }], 0);
    }
    const nowMs = arrivedMs - this.#startMs;
    const body = this.#model.behaviour.cacheHitMs ? text : "";
    const { serviceMs, failed, toldMs } = this.#model.serve({ nowMs, outstanding, batchSize, body });
    this.#leak();
    // Of a request that takes long to be read, that is late by as much, whatever its work takes.
    const endMs = this.#endOf(readAtMs, serviceMs);
    await untilMoment(endMs);
    this.#outstanding--;
    const actualMs = performance.now() - arrivedMs;
    // A wait for a worker is meant.
    this.#plannedMs[this.#served] = endMs - readAtMs;
    this.#batchSizes[this.#served] = batchSize;
    this.#outstandings[this.#served] = outstanding;
    this.#readMs[this.#served] = readMs;
    this.#atMs[this.#served] = performance.timeOrigin + arrivedMs;
    this.#actualMs[this.#served++] = actualMs;
    if (this.#model.behaviour.memory && this.#served % COLLECT_EVERY === 0) {
      collectGarbage();
      this.#held.push({ atMs: epochMs(), requests: this.#served, bytes: ownBytes() });
    }
    const results: unknown[] = Array.from({ length: batchSize }, (_, n) => ({ label: "x", score: n }));
    if (failed) results[0] = { error: "it failed" };
    return answer("truth", results, this.#model.behaviour.tells ? toldMs : actualMs);
  }

  /** When work that takes `serviceMs` is done on the first worker that frees. */
  #endOf(readAtMs: number, serviceMs: number): number {
    if (this.#freeAtMs === null) return readAtMs + serviceMs;
    const worker = this.#freeAtMs.indexOf(Math.min(...this.#freeAtMs));
    return this.#freeAtMs[worker] = Math.max(readAtMs, this.#freeAtMs[worker]!) + serviceMs;
  }

  /** Takes what the request that was just begun leaves behind: leaked, cached, or garbage that is collected. */
  #leak(): void {
    const { memory } = this.#model.behaviour;
    if (!memory) return;
    const { requests } = this.#model.log;
    const cached = cachedBytes(memory, requests) - cachedBytes(memory, requests - 1);
    const bytes = Math.round(memory.leakBytes + cached);
    if (bytes > 0) this.#leaked.push(new Uint8Array(bytes).fill(1));
    if (memory.garbageBytes) new Uint8Array(memory.garbageBytes).fill(1);
  }

  #allocateWeights(): void {
    this.#weights ??= new Uint8Array(this.#model.behaviour.memory?.modelBytes ?? 0).fill(1);
  }
}

function answer(model: string, results: readonly unknown[], actualMs: number): Response {
  return Response.json(answered(model, results, actualMs));
}

function answered(model: string, results: readonly unknown[], actualMs: number): Record<string, unknown> {
  return {
    success: true,
    result: results.length > 1 ? results : results[0],
    processing_time: actualMs / 1000,
    model_info: { model, device: "cpu", input_type: "text", input_count: results.length },
  };
}

/** Resolves at a moment, some tenths of a millisecond after it. */
function untilMoment(moment: number): Promise<void> {
  return new Promise((resolve) => time.after(moment - performance.now(), resolve));
}

/** When it came, and when it answered, so long afterwards; it is read and answered as a prediction is. */
async function tellWay(request: Request, afterMs: number): Promise<Response> {
  const cameMs = epochMs();
  JSON.parse(await request.text());
  if (afterMs > 0) await untilMoment(performance.now() + afterMs);
  const answeredMs = epochMs();
  const body = answered("truth", [{ label: "x", score: 0 }], answeredMs - cameMs);
  return Response.json({ ...body, way: `${cameMs} ${answeredMs}` });
}

/** What this process holds: pages that others share in proportion, as they are measured, where the system tells that. */
function ownBytes(): number {
  try {
    return 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/smaps_rollup"))![1]);
  } catch {
    return Deno.memoryUsage().rss;
  }
}

function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

if (import.meta.main) {
  const { behaviour, seed } = JSON.parse(Deno.args[0]!) as { behaviour: ServerBehaviour; seed: number };
  const server = new TruthServer(behaviour, seed);
  const listener = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    // The one line that the starter reads.
    onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
  }, server.handle);
  for await (const _ of Deno.stdin.readable) { /* nothing is sent: its end is the sign */ }
  await listener.shutdown();
}
