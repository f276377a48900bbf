import type { InputSpec } from "../../../src/core/model_input.ts";
import type { Protocol } from "../../../src/core/protocol.ts";
import { generateInputs } from "../../../src/items/generate_inputs.ts";
import { createRequestPool, LEAST_SETS, type RequestPool } from "../../../src/load/requests/request_pool.ts";

/** A pool of made items, at once. */
export function madePool(
  protocol: Pick<Protocol, "encode">,
  spec: InputSpec,
  { batchSize = 1, seed = 1, varies = true } = {},
): RequestPool {
  const given = spec.kind === "samples";
  const to = given ? spec.samples.length : LEAST_SETS - 1 + batchSize;
  const items = generateInputs({ spec, from: 0, to, seed, varies });
  return createRequestPool(protocol, "m", items, { batchSize, given });
}
