import type { Protocol } from "../../core/protocol.ts";
import type { StreamForm } from "../../core/stream/stream_event.ts";
import { TokenStream } from "./token_stream.ts";

/**
 * Judges streamed answers that were taken whole, by single requests outside of the measurement.
 *
 * @param form How they stream.
 */
export function judgeWhole(form: StreamForm): Protocol["judge"] {
  return (response) => {
    const stream = new TokenStream(form);
    stream.begin();
    if (response.body.length > 0) stream.push(response.body, 0);
    return stream.end(response);
  };
}
