import { concatenate } from "../../../src/core/concatenate.ts";
import type { ClientRun, Job } from "./client.ts";
import { metered } from "./meter.ts";
import { type PartedRequest, requestsOf } from "./request.ts";

/** Bodies up to so long are sent with their head by one write, bytes. */
const SMALL_BYTES = 65_536;
const RECEIVE_BYTES = 65_536;

/**
 * Writes and reads on bare sockets, with no more code than that takes: the least that Deno can do. It knows of an answer
 * only how long it is, from the first one.
 *
 * @param job What to send.
 * @param whole Whether a large body goes out by one write, instead of one for each item.
 * @param sets How many requests take turns, each of which begins with another item.
 */
export async function runBareLoop(
  { url, model, batchSize, connections, seconds }: Job,
  whole: boolean,
  sets: number,
): Promise<ClientRun> {
  const { hostname, port } = new URL(url);
  const requests = requestsOf(model, batchSize, sets).map((request) => piecesOf(request, new URL(url).host, whole));
  let next = 0;
  return await metered(seconds, connections, async (answered) => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(RECEIVE_BYTES);
    let answerBytes: number | null = null;
    let sentAt: number;
    do {
      sentAt = performance.now();
      for (const piece of requests[next++ % sets]!) await writeAll(connection, piece);
      for (let received = 0; answerBytes === null || received < answerBytes;) {
        const count = await connection.read(received === 0 ? buffer : buffer.subarray(received));
        if (count === null) throw new Error("Cannot measure as the server must answer: it closed the connection");
        received += count;
        answerBytes ??= answerLength(buffer.subarray(0, received));
      }
    } while (answered(sentAt));
  });
}

function piecesOf({ method, path, headers, body }: PartedRequest, host: string, whole: boolean): Uint8Array[] {
  const bytes = body.reduce((sum, part) => sum + part.length, 0);
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`, `content-length: ${bytes}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  const [json, ...items] = body as [Uint8Array, ...Uint8Array[]];
  return whole || bytes <= SMALL_BYTES ? [concatenate([head, ...body])] : [concatenate([head, json]), ...items];
}

/** Length of an answer whose head is whole. */
function answerLength(bytes: Uint8Array): number | null {
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (end < 0 || length === undefined) return null;
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`Cannot measure: ${text.split("\r\n")[0]}`);
  return end + 4 + Number(length);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = await connection.write(bytes); at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
