import { inWords, type OptionWords } from "./option_words.ts";
import { CONNECTION_FAILURES, type FailureReason } from "./outcome.ts";

/** Options of torchgauge's errors. */
export interface TorchgaugeErrorOptions extends ErrorOptions {
  /** What the reader can do about it, one sentence. It names options by their keys, and the command puts its flags there. */
  readonly hint?: OptionWords;
}

/** Wrong usage: an option, a file or a combination that cannot be. The command exits with 2. */
export class UsageError extends TypeError {
  /** What the reader can do about it, or `undefined`. */
  readonly hint: string | undefined;
  /** Message and hint with the options that they name, for who calls those otherwise. */
  readonly words: { readonly message: OptionWords; readonly hint: OptionWords | undefined };
  /**
   * Makes the error.
   *
   * @param message What could not be done, what was required, what was found.
   * @param options Cause and hint.
   */
  constructor(message: OptionWords, options: TorchgaugeErrorOptions = {}) {
    const { hint, ...rest } = options;
    super(inWords(message), rest);
    this.name = "UsageError";
    this.hint = hint === undefined ? undefined : inWords(hint);
    this.words = { message, hint };
  }
}

/** Options of a {@linkcode TargetError}. */
export interface TargetErrorOptions extends TorchgaugeErrorOptions {
  /** Whether it stays so until the user does something, so that a wait is in vain. @default {false} */
  readonly lasts?: boolean;
}

/** The target is unreachable, unhealthy, not an inference server, or lacks the model. The command exits with 3. */
export class TargetError extends Error {
  /** What the reader can do about it, or `undefined`. */
  readonly hint: string | undefined;
  /** Message and hint with the options that they name, for who calls those otherwise. */
  readonly words: { readonly message: OptionWords; readonly hint: OptionWords | undefined };
  /** Whether a wait is in vain. */
  readonly lasts: boolean;
  /**
   * Makes the error.
   *
   * @param message What could not be done, what was required, what was found.
   * @param options Cause, hint, and whether it lasts.
   */
  constructor(message: OptionWords, options: TargetErrorOptions = {}) {
    const { hint, lasts = false, ...rest } = options;
    super(inWords(message), rest);
    this.name = "TargetError";
    this.lasts = lasts;
    this.hint = hint === undefined ? undefined : inWords(hint);
    this.words = { message, hint };
  }
}

/** One HTTP exchange that did not bring an answer. Layers above turn it into a {@linkcode TargetError}. */
export class ExchangeError extends Error {
  /** The class of the failure. */
  readonly reason: FailureReason;
  /**
   * Makes the error.
   *
   * @param reason The class of the failure.
   * @param message The detail, for people.
   * @param options Cause.
   */
  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExchangeError";
    this.reason = reason;
  }
}

/**
 * Why an exchange brought no answer.
 *
 * @param error It, or one that it is the cause of.
 * @returns `null` where it is about no exchange.
 */
export function exchangeReason(error: unknown): FailureReason | null {
  const cause = error instanceof TargetError ? error.cause : error;
  return cause instanceof ExchangeError ? cause.reason : null;
}

/** Whether an error says that the connection to the server was lost. */
export function isConnectionLost(error: unknown): boolean {
  const reason = exchangeReason(error);
  return reason !== null && CONNECTION_FAILURES.has(reason);
}

/** A server that torchgauge was to start did not start, or ended. The command exits with 3. */
export class ServerStartError extends TargetError {
  /**
   * Makes the error.
   *
   * @param message What could not be done, what was required, what was found.
   * @param options Cause and hint.
   */
  constructor(message: OptionWords, options: TorchgaugeErrorOptions = {}) {
    super(message, options);
    this.name = "ServerStartError";
  }
}
