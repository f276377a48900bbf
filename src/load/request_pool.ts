import type { InputSpec, ModelInput } from "../core/model_input.ts";
import type { EncodeOptions, Protocol } from "../core/protocol.ts";
import { type Random, seededRandom } from "../core/random.ts";
import type { WireRequest } from "../core/transport.ts";
import { bodyLength } from "../core/wire_body.ts";
import { generateInputs } from "./generate_inputs.ts";

/** Fewest different requests in a pool, so that no cache answers for the model (METHODS 4). */
const MIN_REQUESTS = 32;

/** Encoded bodies kept in memory; beyond it a body is put together again each time it is sent. */
const MAX_CACHED_BYTES = 256 * 2 ** 20;

/** Options of {@linkcode createRequestPool}. */
export interface RequestPoolOptions extends EncodeOptions {
  /** Items per request. */
  readonly batchSize: number;
  /** Seed of the inputs and of their order. */
  readonly seed: number;
}

/** Requests that differ from one another, encoded before they are needed. */
export interface RequestPool {
  /** Items per request. */
  readonly batchSize: number;
  /** How many different requests there are. */
  readonly size: number;
  /** The next request, in turn. */
  next(): WireRequest;
}

/**
 * Makes a pool of at least 32 different requests of `batchSize` different items each.
 *
 * @param protocol Encodes the requests.
 * @param model Model to ask.
 * @param spec What its items look like.
 * @param options Batch size and seed.
 * @returns The pool; the same options give the same requests in the same order.
 * @throws {UsageError} If the model's inputs cannot be made, or `spec` has no samples.
 */
export function createRequestPool(
  protocol: Pick<Protocol, "encode">,
  model: string,
  spec: InputSpec,
  options: RequestPoolOptions,
): RequestPool {
  const { batchSize, seed, ...encodeOptions } = options;
  const random = seededRandom(seed);
  const items = spec.kind === "samples"
    ? generateInputs(spec, spec.samples.length, random)
    : generateInputs(spec, Math.max(MIN_REQUESTS, 2 * batchSize), random);
  const batches = Array.from(
    { length: MIN_REQUESTS },
    (_, request) => drawBatch(items, batchSize, request, spec.kind === "samples", random),
  );
  const encoded: (WireRequest | undefined)[] = [];
  let cachedBytes = 0;
  let position = 0;
  return {
    batchSize,
    size: batches.length,
    next(): WireRequest {
      const i = position++ % batches.length;
      const cached = encoded[i];
      if (cached !== undefined) return cached;
      const request = protocol.encode(model, batches[i]!, encodeOptions);
      const bytes = bodyLength(request.body);
      if (cachedBytes + bytes <= MAX_CACHED_BYTES) {
        encoded[i] = request;
        cachedBytes += bytes;
      }
      return request;
    },
  };
}

/** Given samples are used in turn, so that each of them is sent; made ones are drawn without repetition. */
function drawBatch(
  items: readonly ModelInput[],
  batchSize: number,
  request: number,
  inTurn: boolean,
  random: Random,
): ModelInput[] {
  // A first item of its own makes every request differ from the others.
  const start = inTurn ? request * batchSize : request;
  // A random stride that shares no factor with the pool's size visits different items.
  const stride = inTurn ? 1 : coprimeStride(items.length, random);
  return Array.from({ length: batchSize }, (_, i) => items[(start + i * stride) % items.length]!);
}

function coprimeStride(size: number, random: Random): number {
  const greatestCommonDivisor = (a: number, b: number): number => b === 0 ? a : greatestCommonDivisor(b, a % b);
  let stride = 1 + Math.floor(random() * size);
  while (greatestCommonDivisor(stride, size) !== 1) stride = stride % size + 1;
  return stride;
}
