import type { AnswerBudget } from "../answer_budget.ts";
import type { buildConnector } from "./undici_types.ts";

/** Opens a socket; one that is not open yet when the signal comes is given up. */
export type Connect = (...args: [...Parameters<buildConnector.connector>, signal: AbortSignal]) => void;

/** What the lanes of one transport have in common. */
export interface LaneSettings {
  /** Scheme, host and port that connections go to: the server's, or a proxy's. */
  readonly origin: string;
  /** Opens sockets. */
  readonly connect: Connect;
  /** Prefix of every path. */
  readonly basePath: string;
  /** Goes behind every path. */
  readonly query: string;
  /** Whether a connection carries more than one request. */
  readonly keepsAlive: boolean;
  /** Names and values in turn that go with every request. */
  readonly headers: readonly string[];
  /** Bounds bodies. */
  readonly budget: AnswerBudget;
  /** Is told of each request that is sent once more. */
  readonly onResent: () => void;
}
