import type { AnswerBudget } from "../answer_budget.ts";
import type { BytePool } from "../body/byte_pool.ts";
import type { Deadlines } from "./deadlines.ts";
import type { KnownHeads } from "./known_heads.ts";
import type { OutgoingPool } from "./outgoing.ts";
import type { RequestHeads } from "./request_head.ts";

/** What the lanes of one transport have in common. */
export interface LaneSettings {
  /** Opens a socket to the server; the signal ends that. */
  readonly openSocket: (signal: AbortSignal) => Promise<Deno.Conn>;
  /** Encodes the heads of requests. */
  readonly heads: RequestHeads;
  /** Watches the deadlines. */
  readonly deadlines: Deadlines;
  /** The heads of answers that came last. */
  readonly knownHeads: KnownHeads;
  /** Gives buffers for requests. */
  readonly outgoing: OutgoingPool;
  /** Gives memory for bodies. */
  readonly pool: BytePool;
  /** Whether a connection carries more than one request. */
  readonly keepsAlive: boolean;
  /** Bounds bodies. */
  readonly budget: AnswerBudget;
  /** Is told of each request that is sent once more. */
  readonly onResent: () => void;
}
