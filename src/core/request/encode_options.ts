import type { EncodeOptions } from "../protocol.ts";

/**
 * Those of some options that say how a batch is encoded.
 *
 * @param options Any options.
 */
export function encodeOptionsOf({ priority, parameters, sequence }: EncodeOptions): EncodeOptions {
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(sequence === undefined ? {} : { sequence }),
  };
}
