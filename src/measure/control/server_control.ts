import { exchangeReason } from "../../core/errors.ts";
import type { Protocol, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Target } from "../../core/target.ts";
import { defaultOf } from "../settings/default_of.ts";
import type { TestOptions } from "../settings/options.ts";
import { SilentServerError } from "./silent_server_error.ts";

/** Longest that a server may take for a last reading after the user's signal, ms. */
const LAST_READING_MS = 1000;

/** What is asked of a server beside its predictions, with the number of arguments before the options. */
const QUESTIONS = {
  describeModel: 1,
  settleForm: 1,
  listModels: 0,
  load: 1,
  unload: 1,
  restore: 1,
  whyUnloadIsFinal: 1,
  verifyAbsent: 1,
  coldWorkers: 1,
  serverTimings: 1,
  serverMemory: 0,
  serverBatch: 1,
  setServerBatch: 2,
} as const satisfies Partial<Record<keyof Protocol, number>>;

/** What is read again and again, so that it must not cost a deadline each time. */
const READINGS: ReadonlySet<string> = new Set(["coldWorkers", "serverBatch", "serverMemory", "serverTimings"]);
/** So often in a row a reading may pass its deadline, then it is not asked for again. */
const MOST_LATE = 2;

type ControlOptions = Pick<TestOptions, "signal" | "timeoutMs" | "loadTimeoutMs">;
type Question = (...args: unknown[]) => Promise<unknown>;

/**
 * Asks one server whatever a run wants to know of it beside its predictions. Each question has the run's deadline, ends with the
 * run's signal unless it has a signal of its own, and is the last one where the server has gone silent: where it let one pass its
 * deadline, it is asked for its health, and is given up where it does not answer that.
 */
export class ServerControl {
  readonly #protocol: Protocol;
  readonly #options: Required<Omit<ControlOptions, "signal">> & { readonly signal: AbortSignal | undefined };
  #silent: SilentServerError | null = null;
  /** Readings that passed their deadline since they were last answered. */
  readonly #late = new Map<string, readonly unknown[]>();
  #asking: Promise<void> | null = null;

  /** @param protocol How the server is talked to. @param options Deadlines and signal of the run. */
  constructor(protocol: Protocol, options: ControlOptions) {
    const { signal, timeoutMs = defaultOf("timeoutMs"), loadTimeoutMs = defaultOf("loadTimeoutMs") } = options;
    this.#protocol = protocol;
    this.#options = { signal, timeoutMs, loadTimeoutMs };
  }

  /** Whether the server was given up. */
  get isSilent(): boolean {
    return this.#silent !== null;
  }

  /** What showed that it was to be given up, for people; `null` where it was not. */
  get silence(): string | null {
    return this.#silent?.message ?? null;
  }

  /** The protocol, whose questions are asked by this. */
  get protocol(): Protocol {
    const questions = Object.entries(QUESTIONS).flatMap(([name, before]) => {
      const question = this.#protocol[name as keyof typeof QUESTIONS] as Question | undefined;
      if (question === undefined) return [];
      const ask: Question = (...args) =>
        this.#ask(
          name,
          (options) => question.call(this.#protocol, ...args.slice(0, before), options),
          args[before] as ProtocolCallOptions | undefined,
        );
      return [[name, ask] as const];
    });
    const health = (options?: ProtocolCallOptions) => this.#protocol.health({ ...this.#deadlines(), ...options });
    return { ...this.#protocol, ...Object.fromEntries(questions), health };
  }

  /**
   * To be called where something was not answered within the deadline: asks the server for its health.
   *
   * @param found What was not answered, for people.
   * @throws {SilentServerError} If it does not answer that either.
   */
  async checkAlive(found: string): Promise<void> {
    if (this.#silent === null) await (this.#asking ??= this.#askHealth(found).finally(() => this.#asking = null));
    if (this.#silent !== null) throw this.#silent;
  }

  async #ask<T>(
    name: string,
    question: (options: ProtocolCallOptions) => Promise<T>,
    given?: ProtocolCallOptions,
  ): Promise<T> {
    if (this.#silent !== null) throw this.#silent;
    const late = this.#late.get(name) ?? [];
    if (late.length >= MOST_LATE) throw late.at(-1);
    const options = { ...this.#deadlines(), ...given };
    try {
      const answer = await question(options);
      this.#late.delete(name);
      return answer;
    } catch (error) {
      // A question that was given less time than any other says nothing of the server.
      const isShort = (options.timeoutMs ?? 0) < this.#deadlines().timeoutMs!;
      if (exchangeReason(error) !== "timeout" || isShort) throw error;
      if (READINGS.has(name)) this.#late.set(name, [...late, error]);
      await this.checkAlive((error as Error).message);
      throw error;
    }
  }

  /** After the signal a question is a last reading, which may be short of an answer. */
  #deadlines(): ProtocolCallOptions {
    const { signal, timeoutMs, loadTimeoutMs } = this.#options;
    if (signal === undefined) return { timeoutMs, loadTimeoutMs };
    if (!signal.aborted) return { timeoutMs, loadTimeoutMs, signal };
    return { timeoutMs: Math.min(timeoutMs, LAST_READING_MS), loadTimeoutMs };
  }

  async #askHealth(found: string): Promise<void> {
    try {
      await this.#protocol.health(this.#deadlines());
    } catch (error) {
      if (exchangeReason(error) !== null) this.#silent = new SilentServerError(found);
    }
  }
}

const CONTROLS = new WeakMap<Target, ServerControl>();

/**
 * A target whose server is asked by a control; one that has a control keeps it.
 *
 * @param target What is measured.
 * @param options Of the run.
 */
export function controlled(target: Target, options: ControlOptions): Target {
  if (CONTROLS.has(target)) return target;
  const control = new ServerControl(target.protocol, options);
  const own = { ...target, protocol: control.protocol };
  CONTROLS.set(own, control);
  return own;
}

/** What asks the server of a target that was given a control. */
export function controlOf(target: Target): ServerControl {
  const control = CONTROLS.get(target);
  if (control === undefined) throw new TypeError("Cannot find the target's control as it must have been given one");
  return control;
}
