import type { Absent } from "../../absent.ts";
import { isPermitted } from "../../permission.ts";
import type { MetricsUrl } from "./metrics_url.ts";

/** More is no exporter of one machine: eight GPUs take some 60 KB. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Asks for metrics once.
 *
 * @param url Where they are.
 * @param timeoutMs Deadline of the whole exchange, ms.
 * @returns The text, or why there is none, as a clause of which `it` is the address.
 */
export async function fetchMetrics({ href, authorization }: MetricsUrl, timeoutMs: number): Promise<string | Absent> {
  const { hostname, port, protocol } = new URL(href);
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  if (!await isPermitted({ name: "net", host })) return { absent: `connecting to ${host} is not permitted` };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(href, {
      headers: {
        accept: "text/plain;version=0.0.4, */*;q=0.1",
        ...(authorization === null ? {} : { authorization }),
      },
      signal: controller.signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { absent: `it answers with status ${response.status}` };
    }
    const text = await boundedText(response);
    if (text === null) return { absent: `it answers with more than ${MOST_BYTES / 2 ** 20} MiB` };
    const isHtml = /\bhtml\b/.test(response.headers.get("content-type") ?? "") || /^\s*</.test(text);
    return isHtml ? { absent: "it answers with an HTML page" } : text;
  } catch (error) {
    if (controller.signal.aborted) return { absent: `it does not answer within ${timeoutMs} ms` };
    return { absent: `it does not answer (${causeOf(error)})` };
  } finally {
    clearTimeout(timer);
  }
}

/** `null` where it is too long. */
async function boundedText({ body }: Response): Promise<string | null> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "", left = MOST_BYTES;
  for await (const piece of body) {
    left -= piece.length;
    if (left < 0) return null; // which cancels the rest
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** Of Deno's cause the end: `error sending request for url (...): client error (Connect): tcp connect error: ...`. */
function causeOf(error: unknown): string {
  const { cause = error } = error as Error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^error sending request for url \(.*?\)(?:: )?/s, "").replace(/^client error \(\w+\): /, "") ||
    "no connection";
}
