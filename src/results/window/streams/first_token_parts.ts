import * as v from "valibot";
import type { Estimate } from "../../../core/estimate.ts";
import { estimate, nullableNumber, number } from "../../schema.ts";

/** The time to first token as the server counts it, beside the client's. Times are means per answer, ms. */
export interface FirstTokenParts {
  /** What told it, for people. */
  readonly source?: string;
  /** First tokens that the server counted. */
  readonly requests: number;
  /** From sending to the first token, as the client saw it. */
  readonly clientMs: number;
  /** From the request to the first token, as the server counts. */
  readonly serverMs: number;
  /** Part of it in the queue; `null` where that is not counted. */
  readonly queueMs: number | null;
  /** Part of it at work on the prompt; `null` where that is not counted. */
  readonly prefillMs: number | null;
  /** What the client saw beyond the server's: network, client, and what the server does before and after it counts. */
  readonly differenceMs: Estimate;
}

/** {@linkcode FirstTokenParts} in a results file. */
export const firstTokenPartsSchema: v.GenericSchema<unknown, FirstTokenParts> = v.looseObject({
  source: v.exactOptional(v.string()),
  requests: number,
  clientMs: number,
  serverMs: number,
  queueMs: nullableNumber,
  prefillMs: nullableNumber,
  differenceMs: estimate,
}) as unknown as v.GenericSchema<unknown, FirstTokenParts>;
