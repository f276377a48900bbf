import { ExchangeError, ServerStartError, TargetError } from "../../core/errors.ts";
import type { StartedServer } from "../../core/started_server.ts";
import { firstInference } from "../../measure/control/first_inference.ts";
import { SilentServerError } from "../../measure/control/silent_server_error.ts";
import { noteFailure } from "../../measure/model_cycle.ts";
import { noteLoss } from "../../measure/loss/note_run_end.ts";
import type { Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";
import { type FollowUp, followUps } from "./single_inferences.ts";

/** How often a server that starts is asked, ms. Each stage is known to so much. */
const ASK_MS = 10;

/** One start as it was timed. */
export interface TimedStart {
  /** Times of the stages but the last, which needs to know what is warm, ms; `null` where it was not seen. */
  readonly stagesMs: {
    readonly portOpen: number;
    readonly healthy: number;
    readonly modelReady: number | null;
    readonly firstPrediction: number;
  };
  /** From the start of the process to the first prediction, ms. */
  readonly totalMs: number;
  /** Time from asking for the first prediction, in one attempt, to the end of it, ms. */
  readonly firstMs: number;
  /** What followed. */
  readonly followUps: readonly FollowUp[];
}

/** Starts of a server. */
export interface TimedStarts {
  /** Those that were whole. */
  readonly starts: readonly TimedStart[];
  /** How often the server had to be killed. */
  readonly killed: number;
  /** Why there are fewer than were asked for, or `null`. */
  readonly absence: string | null;
  /** Why nothing more can be measured, or `null`. */
  readonly partial: Session["partial"];
}

/**
 * Starts the server again and again, and times each start from its process to predictions that are warm. The server runs
 * already, so that what it reads is in the page cache unless that is dropped. After the last start it stays up.
 *
 * @param session The test.
 * @param options How many starts, and how many predictions after each.
 * @param progressed Is told the share that is done, the stage, and the time of the last start.
 * @returns `null` where the server was not started by this run.
 */
export async function measureServerStarts(
  session: Session,
  options: LatencyOptions,
  progressed: (share: number, stage: string, lastMs?: number) => void,
): Promise<TimedStarts | null> {
  const { target: { started } } = session;
  const { coldStarts = defaultOf("coldStarts", options) } = options;
  if (started === undefined || coldStarts === 0) return null;
  const { batchSize = defaultOf("batchSize") } = options;
  await session.prepare([batchSize]);
  const starts: TimedStart[] = [];
  let killed = 0;
  let absence: string | null = null;
  try {
    const tellsReady = await tellsWhenReady(session);
    while (starts.length < coldStarts && session.partial === null) {
      const number = starts.length + 1;
      const stage = `start ${number} of ${coldStarts}`;
      const say = (what: string) => progressed(starts.length / coldStarts, `${stage}: ${what}`);
      say("stop");
      if ((await started.stop()).killed) killed++;
      const start = await timeStart(session, started, options, tellsReady, say);
      starts.push(start);
      progressed(starts.length / coldStarts, stage, start.totalMs);
    }
  } catch (error) {
    const reason = await noteFailure(session, error);
    if (session.partial !== "interrupted") {
      await started.tellOutput();
      // A server that does not start again answers no other test.
      noteLoss(session, { atMs: session.windows.since(session.clock.now()), reason, failed: 0 });
    }
    absence = starts.length === 0 ? reason : `${starts.length} of ${coldStarts}: ${reason}`;
  }
  return { starts, killed, absence, partial: session.partial };
}

async function timeStart(
  session: Session,
  started: StartedServer,
  options: LatencyOptions,
  tellsReady: boolean,
  say: (what: string) => void,
): Promise<TimedStart> {
  const { clock, windows, transport, target: { protocol }, options: { signal } } = session;
  const { startTimeoutMs: timeoutMs } = started;
  signal?.throwIfAborted();
  await started.prepare();
  const startMs = clock.now();
  windows.modelLoaded(startMs);
  started.start();
  const call = signal === undefined ? {} : { signal };
  let lastMs = startMs;
  const until = async (step: string, what: string, look: () => Promise<boolean>): Promise<number> => {
    say(step);
    while (!await look()) {
      started.checkRunning();
      if (clock.now() - startMs > timeoutMs) {
        throw new ServerStartError(
          `Cannot measure a start as there must be ${what} within ${timeoutMs / 1000} s: there is none`,
        );
      }
      await clock.sleep(ASK_MS, signal);
    }
    const sinceMs = clock.now() - lastMs;
    lastMs = clock.now();
    return sinceMs;
  };
  const portOpen = await until("port", "an open port", () => started.isOpen());
  const healthy = await until(
    "health",
    "good health",
    async () => (await orElse(protocol.health(call)))?.healthy ?? false,
  );
  const modelReady = tellsReady ? await until("model", "the model", () => isReady(session, timeoutMs)) : null;
  say("predictions");
  const lane = transport.openLane();
  try {
    const check = () => started.checkRunning();
    const wait = { timeoutMs, after: "the server's start", check };
    const firstMs = await firstInference(session, lane, options, wait);
    const stagesMs = { portOpen, healthy, modelReady, firstPrediction: clock.now() - lastMs };
    const totalMs = clock.now() - startMs;
    return { stagesMs, totalMs, firstMs, followUps: await followUps(session, lane, options) };
  } finally {
    await lane.close();
  }
}

/** Whether the server says of the model when it is loaded: it does of one that is. */
async function tellsWhenReady({ target: { protocol, model }, options: { signal } }: Session): Promise<boolean> {
  const models = await orElse(protocol.listModels?.(signal === undefined ? {} : { signal }));
  return models?.some(({ name, loaded }) => name === model && loaded === true) ?? false;
}

/** Whether the model is loaded; a server that does not load it by itself is asked to, as connecting to it does. */
async function isReady({ target: { protocol, model }, options: { signal } }: Session, timeoutMs: number) {
  const call = { loadTimeoutMs: timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const found = (await orElse(protocol.listModels!(call)))?.find(({ name }) => name === model);
  if (found?.loaded === true) return true;
  if (found?.loaded !== false || protocol.load === undefined) return false;
  await protocol.load(model, call);
  return true;
}

/** What a question comes to, `null` where a server that is not there yet does not answer it. */
async function orElse<T>(question: Promise<T> | undefined): Promise<T | null> {
  try {
    return await question ?? null;
  } catch (error) {
    if (error instanceof SilentServerError) throw error;
    if (error instanceof TargetError || error instanceof ExchangeError) return null;
    throw error;
  }
}
