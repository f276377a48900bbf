import type { Clock } from "../core/clock.ts";
import type { Target } from "../core/target.ts";
import type { Transport } from "../core/transport.ts";
import type { RequestPool } from "../load/requests/request_pool.ts";
import type { ResultKind, TestResult } from "../results/kinds.ts";
import type { ProgressFigure } from "../results/progress.ts";
import type { Load } from "../results/window/load.ts";
import type { PartialReason } from "../results/result_base.ts";
import type { ClientLimit } from "../results/window/client_use.ts";
import type { LevelShift } from "../results/window/level_shift.ts";
import type { LostServer, Outage } from "../results/window/lost_server.ts";
import type { CeilingRate } from "./ceiling_rate.ts";
import type { ServerControl } from "./control/server_control.ts";
import type { RunWindows } from "./run_windows.ts";
import type { LevelOptions } from "./settings/options.ts";

/** Knows what this client can do at most. */
export interface Ceiling {
  /**
   * What this client reaches with requests of a batch size.
   *
   * @param session The test; its pool gives the requests.
   * @param batchSize Items per request.
   * @returns `null` where it cannot be known.
   */
  of(session: Session, batchSize: number): Promise<CeilingRate | null>;
  /** The lowest of those asked for; `null` where none was found. */
  readonly lowest: CeilingRate | null;
  /** Frees what it holds. */
  close(): Promise<void>;
}

/** Looks on while the tests of a run measure, outside of their windows. It never fails: what it cannot see it leaves out. */
export interface Onlooker {
  /**
   * A load has warmed up and goes on; its window begins when this resolves.
   *
   * @param by The test that offers it.
   */
  underLoad(by: ResultKind): Promise<void>;
  /**
   * The model was seen to be gone, and is about to be loaded.
   *
   * @param session The test that unloaded it.
   */
  gone(session: Session): Promise<void>;
  /**
   * Cold starts were measured, and no window yet of the loads that follow: the model may be unloaded and loaded once more.
   *
   * @param session The test that measured them.
   */
  afterColdStarts(session: Session): Promise<void>;
}

/** What tests of one run on one server share. */
export interface SharedRun {
  /** Their windows. */
  readonly windows: RunWindows;
  /** Looks on while they measure; `null` where nobody does. */
  readonly onlooker: Onlooker | null;
  /**
   * Takes what a test has measured so far, between two of its windows; left out where nobody wants it.
   *
   * @param kind The test.
   * @param result Makes its result, marked as interrupted.
   */
  readonly keep?: (kind: ResultKind, result: () => TestResult) => Promise<void>;
}

/** What the steps of one test share. */
export interface Session {
  /** The test. */
  readonly kind: ResultKind;
  /** What is measured; its server is asked by `control`. */
  readonly target: Target;
  /** What asks the server whatever is no prediction. */
  readonly control: ServerControl;
  /** The test's own connections. */
  readonly transport: Transport;
  /** Options as given. */
  readonly options: LevelOptions;
  /** Source of time. */
  readonly clock: Clock;
  /** Seed of everything random. */
  readonly seed: number;
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Windows of the run that this test belongs to, those of other tests among them. */
  readonly windows: RunWindows;
  /** Looks on while the tests of the run measure; `null` where nobody does. */
  readonly onlooker: Onlooker | null;
  /** Why the test must end early, or `null` while it may go on. */
  partial: PartialReason | null;
  /** When and how the server was lost; `null` where it was not. */
  lost: LostServer | null;
  /** Times in which the server did not answer, and after which it did. */
  readonly outages: Outage[];
  /** Requests sent so far, for the client's check. */
  requests: number;
  /** Requests that other threads sent once more. */
  resentElsewhere: number;
  /** Length of the windows that could end by precision, and of their bounds, ms. */
  readonly stopping: { windowsMs: number; fixedMs: number };
  /** Loads whose latency changed for good, as far as this test saw. */
  readonly shifts: LevelShift[];
  /** Reasons for fields that are `null`. */
  readonly absences: Record<string, string>;
  /** Ms since the test began. */
  elapsedMs(): number;
  /**
   * Makes the requests of some batch sizes, so that no window waits for them; a test that knows its sizes asks for all of them
   * when it begins.
   *
   * @throws {UsageError} If the model takes no batches, or its inputs cannot be made.
   */
  prepare(batchSizes: readonly number[]): Promise<void>;
  /** Different requests of one batch size, the same pool each time; made first where they were not prepared. */
  pool(batchSize: number): Promise<RequestPool>;
  /** Different requests of a load: those of its batch size, or prompts that are made for it. */
  poolFor(load: Load): Promise<RequestPool>;
  /** What this client can do at most. */
  readonly ceiling: Ceiling;
  /** Cores of this machine, where the server runs on it too; `null` where it does not, or where that is not known. */
  readonly sharedCores: number | null;
  /** What showed in any window that the client may have set its numbers. */
  readonly clientLimits: Set<ClientLimit>;
  /**
   * Hands on what the test has measured so far, where somebody keeps it: should the run break off, it is not lost. To be called
   * between two windows; what it costs does not count.
   *
   * @param summarise Makes the fields of the test's own.
   */
  keep(summarise: (absences: Record<string, string>) => object): Promise<void>;
  /** Tells how far the test is, and what has just been measured; a fraction that falls is held at its highest. */
  progress(stage: string, fraction: number, figure?: ProgressFigure): void;
  /** Tells what the server is waited for, and how long so far; `null` that it is over. */
  waits(stage: string | null): void;
}
