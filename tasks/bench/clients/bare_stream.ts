import type { ClientRun, Job } from "./client.ts";
import { startMeter, WARM_UP_MS } from "./meter.ts";
import { EVENTS_AN_ANSWER } from "../servers/events.ts";

const RECEIVE_BYTES = 65_536;
/** The end of a chunked body. */
const LAST = new TextEncoder().encode("\r\n0\r\n\r\n");

/**
 * Asks for streams and reads them on bare sockets, looking at no byte but the last: the least that Deno can do. Events are
 * counted by their bytes, since an answer may take longer than is measured.
 *
 * @param job Whom to ask.
 */
export async function runBareStream({ url, model, connections, seconds }: Job): Promise<ClientRun> {
  const { hostname, port, host } = new URL(url);
  const body = JSON.stringify({ model, stream: true });
  const head = `POST /v1/completions HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n`;
  const request = new TextEncoder().encode(head + body);
  let bytes = 0, answerBytes = NaN, isOver = false;
  const loop = async () => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(RECEIVE_BYTES);
    while (!isOver) {
      // A request fits into the buffer of an idle socket.
      await connection.write(request);
      let answered = 0;
      for (let count: number | null = 0; !isOver && !endsIn(buffer, count);) {
        count = await connection.read(buffer);
        if (count === null) throw new Error("Cannot measure as the server must answer: it closed the connection");
        answered += count;
        bytes += count;
      }
      if (!isOver) answerBytes = answered;
    }
  };
  const loops = Promise.all(Array.from({ length: connections }, loop));
  const pass = (ms: number) => Promise.race([loops, new Promise((resolve) => setTimeout(resolve, ms))]);
  await pass(WARM_UP_MS);
  const before = bytes, read = startMeter();
  await pass(1000 * seconds);
  const spent = read(), own = bytes - before;
  // How long an answer is shows once one was whole.
  while (Number.isNaN(answerBytes)) await pass(WARM_UP_MS);
  isOver = true;
  await loops;
  const requests = own / answerBytes;
  return { ...spent, requests, events: requests * EVENTS_AN_ANSWER };
}

function endsIn(bytes: Uint8Array, length: number): boolean {
  return length >= LAST.length && LAST.every((byte, i) => bytes[length - LAST.length + i] === byte);
}
