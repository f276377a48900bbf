import * as v from "valibot";
import { type Finish, FINISHES, TOKEN_SOURCES, type TokenSource } from "../../core/stream/stream_row.ts";
import { number, sortedByKey } from "../schema.ts";

/** What the figures of streamed answers rest on: of the answers that succeeded, in numbers of answers but for `chunks` on. */
export interface StreamAccount {
  /** All of them that are kept. */
  readonly answers: number;
  /** By what counted their tokens; what counted none is left out. */
  readonly tokenSources: Readonly<Partial<Record<TokenSource, number>>>;
  /** Those whose counts contradicted each other, so that they were not used; these count as `chunks`. */
  readonly refusedCounts: number;
  /** Those of which each chunk is known to be one token. */
  readonly singles: number;
  /** By why they ended; those that did not say are left out. */
  readonly finishes: Readonly<Partial<Record<Finish, number>>>;
  /** Events that added something. */
  readonly chunks: number;
  /** Different moments at which they came. */
  readonly reads: number;
  /** Tokens that both the server and the user's tokenizer counted; left out where there was none. */
  readonly ownCounts?: { readonly prompts?: OwnCount; readonly outputs?: OwnCount };
}

/** The same tokens, counted twice. */
export interface OwnCount {
  /** Answers of which both counts are known. */
  readonly answers: number;
  /** Tokens of all of them by the user's tokenizer. */
  readonly own: number;
  /** The same by the server. */
  readonly told: number;
}

const ownCount = v.looseObject({ answers: number, own: number, told: number });

/** {@linkcode StreamAccount} in a results file. */
export const streamAccountSchema: v.GenericSchema<unknown, StreamAccount> = v.looseObject({
  answers: number,
  tokenSources: v.pipe(v.record(v.picklist(TOKEN_SOURCES), number), v.transform(sortedByKey)),
  refusedCounts: number,
  singles: number,
  finishes: v.pipe(v.record(v.picklist(FINISHES), number), v.transform(sortedByKey)),
  chunks: number,
  reads: number,
  ownCounts: v.exactOptional(v.looseObject({ prompts: v.exactOptional(ownCount), outputs: v.exactOptional(ownCount) })),
});
