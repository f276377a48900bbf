import type { Clock } from "../../core/clock.ts";
import { isAbsent } from "../absent.ts";
import { tooShortFor } from "./exporter/refresh.ts";
import type { GpuObserver, GpuWindow, PredictionsAt } from "./gpu_observer.ts";
import { GpuRecorder, powerOf } from "./gpu_record.ts";
import type { GpuDevice } from "./gpu_source.ts";
import type { ServerGpus } from "./server_gpus.ts";
import { UtilizationPeriod } from "./utilization_period.ts";

/** Between two readings of the energy counters inside of a window, ms: one takes some ms, and they move every 100. */
const ENERGY_MS = 250;
/** Between two readings of the processes' memory, ms. */
const PROCESSES_MS = 1000;
/** Between two looks for processes of the server that started since, ms: one walks through all of the machine. */
const TREE_MS = 5000;
/** Between two looks for other devices of the server, while a load warms up, ms. */
const FIND_MS = 250;
/** How long the end of a window waits for the reading that it asked for, ms. */
const PATIENCE_MS = 100;
/** Fewer readings before the first load say nothing of power at rest. */
const LEAST_IDLE = 3;

const NO_READING = "no reading of the GPU fell into the window";

/** One window while it is looked at. */
interface Watched {
  readonly predictionsAt: PredictionsAt;
  readonly recorder: GpuRecorder;
  readonly beganAtMs: number;
  endedAtMs: number;
  /** The edge that the energy counters have yet to be read at. */
  edge: "begin" | "end" | null;
  /** Whether it is over, but for its last reading of energy. */
  isOver: boolean;
  energyAtMs: number;
  processesAtMs: number;
  /** A device on which the server's processes computed, and which is not read; `null` while there is none. */
  strayedTo: number | null;
  readonly finished: PromiseWithResolvers<void>;
}

/**
 * Reads GPUs again and again, one reading at a time: the devices at the source's interval; inside of windows the energy
 * counters as well, at both edges and four times a second, and the memory of the server's processes once a second. A reading
 * that fails is left out; a window without any says why.
 */
export class GpuWatch implements GpuObserver {
  readonly #gpus: ServerGpus;
  readonly #clock: Pick<Clock, "now" | "sleep">;
  readonly #over: Promise<void>;
  #positions: readonly number[] = [];
  #by: ServerGpus["by"];
  #devices: readonly GpuDevice[] = [];
  #period: UtilizationPeriod;
  #pids: readonly number[] | null = null;
  #treeAtMs: number;
  /** Whether a load is about to have its window. */
  #isWarmingUp = false;
  #soughtAtMs = -Infinity;
  /** What computed when the server's processes were sought among it. */
  #computing = "";
  #isClosed = false;
  #pause = new AbortController();
  #watched: Watched | null = null;
  #trouble = NO_READING;
  #hasEnergy = true;
  /** Whether all devices have told their energy once: one that does not at times is read again. */
  #hasToldEnergy = false;
  #isAtRest = true;
  #idle = { watts: 0, readings: 0 };

  /**
   * Begins to read.
   *
   * @param gpus What to read; the watch closes it.
   * @param clock Source of time.
   */
  constructor(gpus: ServerGpus, clock: Pick<Clock, "now" | "sleep">) {
    this.#gpus = gpus;
    this.#clock = clock;
    this.#period = new UtilizationPeriod(gpus.source, []);
    this.#treeAtMs = clock.now();
    this.#use(gpus);
    this.#over = this.#read().catch((error: unknown) => {
      this.#trouble = error instanceof Error ? error.message : String(error);
    });
  }

  /** Part of {@linkcode GpuObserver}. */
  get hasGpus(): boolean {
    return this.#positions.length > 0;
  }

  /** Part of {@linkcode GpuObserver}. */
  loadBegins(): void {
    this.#isAtRest = false;
  }

  /** Part of {@linkcode GpuObserver}. */
  window(predictionsAt: PredictionsAt): GpuWindow {
    let watched: Watched | null = null;
    this.#isWarmingUp = true;
    return {
      edge: (edge) => {
        this.#isWarmingUp = false;
        if (edge === "begin") this.#watched = watched = this.#begun(predictionsAt);
        else if (watched !== null) {
          watched.isOver = true;
          watched.endedAtMs = this.#clock.now();
          watched.edge = this.#hasEnergy ? "end" : null;
          if (watched.edge === null) this.#finish(watched);
        }
        this.#pause.abort();
      },
      ended: async () => {
        this.#isWarmingUp = false;
        if (watched === null) return this.#trouble;
        await this.#finished(watched);
        const short = tooShortFor(this.#gpus.source, watched.endedAtMs - watched.beganAtMs);
        if (short !== null) return short;
        if (watched.strayedTo !== null) {
          return `in the window the server's processes computed on GPU ${watched.strayedTo}, which was not read`;
        }
        const { watts, readings } = this.#idle;
        return watched.recorder.record({
          source: this.#gpus.source.name,
          devices: this.#devices,
          ...(this.#by === undefined ? {} : { by: this.#by }),
          ...(this.#gpus.source.refreshMs === undefined ? {} : { refreshMs: this.#gpus.source.refreshMs }),
          idlePowerWatts: readings < LEAST_IDLE ? null : watts / readings,
        }) ?? this.#trouble;
      },
    };
  }

  /** Ends it, and what it reads with. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#pause.abort();
    await this.#over;
    await this.#gpus.source.close();
  }

  #begun(predictionsAt: PredictionsAt): Watched {
    const nowMs = this.#clock.now();
    return {
      predictionsAt,
      recorder: new GpuRecorder(nowMs),
      beganAtMs: nowMs,
      endedAtMs: nowMs,
      edge: this.#hasEnergy ? "begin" : null,
      isOver: false,
      energyAtMs: nowMs,
      processesAtMs: -Infinity,
      strayedTo: null,
      finished: Promise.withResolvers(),
    };
  }

  /** Waits for the last reading, but not for a driver that hangs. */
  async #finished(watched: Watched): Promise<void> {
    const patience = new AbortController();
    const waited = this.#clock.sleep(PATIENCE_MS, patience.signal).catch(() => {});
    await Promise.race([watched.finished.promise, waited]);
    patience.abort();
    await waited;
    this.#finish(watched);
  }

  #finish(watched: Watched): void {
    watched.finished.resolve();
    if (this.#watched === watched) this.#watched = null;
  }

  async #read(): Promise<void> {
    while (!this.#isClosed) {
      this.#pause = new AbortController();
      await this.#find();
      if (this.hasGpus) {
        await this.#readEnergy();
        await this.#readDevices();
        await this.#readProcesses();
      } else this.#passEdge();
      if (this.#isClosed || (this.#watched?.edge ?? null) !== null) continue;
      await this.#clock.sleep(this.#gpus.source.intervalMs, this.#pause.signal).catch(() => {});
    }
  }

  /** The devices that are read from now on. */
  #use({ positions, by, pids, unused = NO_READING }: Omit<ServerGpus, "source">): void {
    this.#trouble = unused;
    this.#positions = positions;
    this.#by = by;
    this.#pids = pids;
    this.#devices = positions.map((position) => this.#gpus.source.devices[position]!);
    this.#period = new UtilizationPeriod(this.#gpus.source, this.#devices);
    this.#hasToldEnergy = false;
  }

  /**
   * Looks where the server computes now: its runner may start with the first request, and workers that are started anew may go to
   * another device. The processes of this machine are walked through only where others compute than before.
   */
  async #find(): Promise<void> {
    const { find, source } = this.#gpus;
    const nowMs = this.#clock.now(), isDue = this.#isWarmingUp && nowMs - this.#soughtAtMs >= FIND_MS;
    const isLast = !this.hasGpus && this.#watched?.edge === "begin";
    if (find === undefined || !(isDue || isLast)) return;
    this.#soughtAtMs = nowMs;
    const listed = await source.readProcesses();
    const computing = isAbsent(listed) ? "" : listed.map(({ pid, device }) => `${pid} on ${device}`).join();
    if (computing === this.#computing) return;
    this.#computing = computing;
    const found = await find().catch(() => null);
    if (found === null || isAbsent(found) || found.by !== "processes") return;
    [this.#pids, this.#by] = [found.pids, found.by];
    if (found.positions.join() === this.#positions.join()) return;
    this.#use(found);
    // What was seen at rest is another device.
    this.#idle = { watts: 0, readings: 0 };
  }

  /** Nothing is read at the edges of a window of a server that uses no GPU. */
  #passEdge(): void {
    const watched = this.#watched;
    if (watched === null) return;
    watched.edge = null;
    if (watched.isOver) this.#finish(watched);
  }

  async #readEnergy(): Promise<void> {
    const watched = this.#watched, atMs = this.#clock.now();
    if (watched === null || !this.#hasEnergy) return;
    if (watched.edge === null && atMs - watched.energyAtMs < ENERGY_MS) return;
    const { edge } = watched;
    const predictions = watched.predictionsAt(atMs);
    watched.energyAtMs = atMs;
    const told = await this.#gpus.source.readEnergy();
    if (isAbsent(told)) this.#trouble = told.absent;
    else {
      const joules = this.#positions.map((position) => told[position] ?? null);
      const isWhole = !joules.includes(null);
      this.#hasEnergy = this.#hasToldEnergy ||= isWhole;
      if (isWhole) watched.recorder.addEnergy(joules.reduce<number>((sum, of) => sum + of!, 0), atMs, predictions);
    }
    // An edge that came while this was read has one of its own.
    if (watched.edge === edge) watched.edge = null;
    if (edge === "end" || (watched.isOver && !this.#hasEnergy)) this.#finish(watched);
  }

  async #readDevices(): Promise<void> {
    const atMs = this.#clock.now(), isAtRest = this.#isAtRest;
    const watched = this.#watched?.isOver === false ? this.#watched : null;
    // Devices without a counter: power over time, as often.
    const isDue = watched !== null && !this.#hasEnergy && atMs - watched.energyAtMs >= ENERGY_MS;
    const predictions = isDue ? watched.predictionsAt(atMs) : null;
    const told = await this.#gpus.source.readDevices();
    if (isAbsent(told)) {
      this.#trouble = told.absent;
      return;
    }
    const readings = this.#positions.flatMap((position) => told[position] ?? []);
    if (isAtRest) {
      const watts = powerOf(readings);
      if (watts !== null) this.#idle = { watts: this.#idle.watts + watts, readings: this.#idle.readings + 1 };
    }
    this.#period.saw(readings, atMs);
    watched?.recorder.add(readings, atMs, this.#period.beforeMs);
    if (watched === null || predictions === null) return;
    watched.energyAtMs = atMs;
    watched.recorder.addPower(atMs, predictions);
  }

  async #readProcesses(): Promise<void> {
    const watched = this.#watched, nowMs = this.#clock.now();
    if (watched === null || this.#pids === null || nowMs - watched.processesAtMs < PROCESSES_MS) return;
    watched.processesAtMs = nowMs;
    const pids = await this.#pidsNow(nowMs, this.#pids);
    const told = await this.#gpus.source.readProcesses();
    if (isAbsent(told)) return;
    const own = told.filter(({ pid }) => pids.includes(pid));
    const read = this.#devices.map(({ index }) => index);
    const stray = own.find(({ device }) => device !== null && !read.includes(device));
    if (this.#by === "processes") watched.strayedTo ??= stray?.device ?? null;
    const bytes = own.reduce<number | null>(
      (sum, { usedBytes }) => sum === null || usedBytes === null ? null : sum + usedBytes,
      0,
    );
    watched.recorder.addProcesses(own.length === 0 ? null : bytes);
  }

  /** The server's processes; where they cannot be told any more, those of before. */
  async #pidsNow(nowMs: number, before: readonly number[]): Promise<readonly number[]> {
    const { readPids } = this.#gpus;
    if (readPids === undefined || nowMs - this.#treeAtMs < TREE_MS) return before;
    this.#treeAtMs = nowMs;
    const now = await readPids().catch(() => []);
    return this.#pids = now.length === 0 ? before : now;
  }
}
