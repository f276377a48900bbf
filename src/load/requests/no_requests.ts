import type { RequestPool } from "./request_pool.ts";

/** Requests of a run that was interrupted before they were made; it sends none. */
export const NO_REQUESTS: RequestPool = {
  batchSize: 0,
  size: 0,
  different: 0,
  unvaried: 0,
  repeats: false,
  next: noRequest,
  like: noRequest,
  differs: () => false,
  release: () => {},
};

function noRequest(): never {
  throw new RangeError("Cannot take a request as its inputs must be made: the run was interrupted before");
}
