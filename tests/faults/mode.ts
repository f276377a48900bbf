import type { FailureReason } from "../../src/core/outcome.ts";
import type { FakeAnswer, FakeState } from "../protocols/fake_server.ts";
import type { RawConnection, RawRequest } from "../wire/raw_server.ts";
import type { TestType } from "./test_types.ts";

/** What a server of models that take items may speak. Most faults lie below that, and are tried with the first. */
export const ITEM_DIALECTS = ["kserve-v2", "torch-inference", "torchserve", "generic"] as const;

/** What a server may speak. Answers of the last are streamed. */
export const DIALECTS = [...ITEM_DIALECTS, "openai"] as const;

/** One member of {@linkcode DIALECTS}. */
export type Dialect = typeof DIALECTS[number];

/** What a server of faults can do to itself. */
export interface Life {
  /** What its fake server remembers. */
  readonly fake: FakeState;
  /** Accepts no more and resets every connection: the process is gone, as clients see it. */
  die(): void;
  /** Serves as if new, after it died. */
  rise(): Promise<void>;
  /** Accepts and reads nothing from now on, and answers nothing. */
  freeze(): void;
}

/** A request that a fault answers. */
export interface Exchange {
  readonly connection: RawConnection;
  readonly request: RawRequest;
  /** What a sound server answers. */
  readonly good: FakeAnswer;
  /** Number of this request among those that the fault may hit, from 1. */
  readonly number: number;
  readonly life: Life;
}

/** What a faulty server does instead of answering; afterwards the next request of the connection is read. */
export type Script = (exchange: Exchange) => Promise<unknown>;

/** Which requests a fault hits. */
export interface Hits {
  /** `rest`: all from some number on. */
  readonly share: "all" | "some" | "rest";
  hit(number: number): boolean;
}

/** Hits every request. */
export const ALL: Hits = { share: "all", hit: () => true };

/** Hits one request in `n`. */
export const oneIn = (n: number): Hits => ({ share: "some", hit: (number) => number % n === 0 });

/** Hits all requests from the `n`-th on. */
export const from = (n: number): Hits => ({ share: "rest", hit: (number) => number >= n });

/** Where a fault lies. */
export type Fault =
  /** In how predictions are answered. */
  | { readonly at: "predictions"; readonly hits: Hits; readonly script: Script }
  /** In how other requests are answered: those whose `METHOD /path` matches. */
  | { readonly at: "calls"; readonly matching: RegExp; readonly hits: Hits; readonly script: Script }
  /** In connections, before anything is read. Afterwards requests are read and answered, where it is still open. */
  | {
    readonly at: "connections";
    readonly hits: Hits;
    readonly script: (connection: RawConnection) => Promise<unknown>;
  }
  /** In the port or the certificate. */
  | { readonly at: "port"; readonly how: PortFault };

/** What may be wrong before a connection stands. */
export type PortFault =
  | "nobody-listens"
  | "backlog-full"
  | "tls-where-plain-is-asked"
  | "plain-where-tls-is-asked"
  | "self-signed"
  | "expired"
  | "wrong-name";

/** Why a request may fail. */
export type Reason = FailureReason | "too-large";

/** What must come of a fault. */
export interface Expected {
  /** Exit codes that are right, where {@linkcode exits} names none for a test. */
  readonly exit: readonly number[];
  readonly exits?: Readonly<Partial<Record<TestType, readonly number[]>>>;
  /** Reasons that a failed request may have; empty where none may fail. */
  readonly reasons: readonly Reason[];
  /**
   * How many of the requests that were hit must fail. `either`: all or none, as both readings of the answer are allowed.
   * `any`: cannot be told from outside.
   */
  readonly failing: "all" | "none" | "either" | "any";
  /** What the results or stderr must say, with blanks for breaks of lines. */
  readonly says?: RegExp;
}

/** One way of a server to misbehave. */
export interface Mode {
  /** Words with hyphens. */
  readonly name: string;
  /** What the server does, for people. */
  readonly does: string;
  readonly fault: Fault;
  readonly expected: Expected;
  /** Does what takes long, before anybody connects. */
  readonly prepare?: () => unknown;
  /** What speaks it, the usual one first. @default {DIALECTS} */
  readonly dialects?: readonly Dialect[];
}
