import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** Unpacking more would keep the thread from its other requests for tens of milliseconds, and be part of their latencies. */
const MOST_UNPACKED = 4 * 2 ** 20;

/**
 * Undoes the compression of a body. The client asks for none, so this is for servers that compress regardless; what
 * unpacks to more than 4 MiB is refused.
 *
 * @param body The body as it came.
 * @param coding Value of the header content-encoding.
 * @param maxBytes Largest result, bytes: a small body may unpack to a huge one.
 * @throws {Error} If the coding is unknown, the body is damaged or the result too large.
 */
export function decodeContent(body: Uint8Array, coding: string, maxBytes: number): Uint8Array {
  const most = Math.min(maxBytes, MOST_UNPACKED);
  const options = { maxOutputLength: most };
  // Codings are named in the order in which they were applied.
  const decode = () =>
    coding.toLowerCase().split(",").map((name) => name.trim()).reduceRight((bytes, name) => {
      switch (name) {
        case "gzip":
        case "x-gzip":
          return gunzipSync(bytes, options);
        case "deflate":
          return inflateSync(bytes, options);
        case "br":
          return brotliDecompressSync(bytes, options);
        case "identity":
        case "":
          return bytes;
        default:
          throw new Error(`unknown content-encoding "${name}"`);
      }
    }, body);
  try {
    return decode();
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw new Error(`it unpacks to more than ${most} bytes, and was asked for unpacked`, { cause: error });
  }
}
