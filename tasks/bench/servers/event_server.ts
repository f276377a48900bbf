/**
 * A server of streamed answers, which writes one event at a time so that a client reads them one by one. It prints its port.
 *
 * @module
 */
import { createServer, type Socket } from "node:net";
import { EVENTS_AN_ANSWER, STREAM_MODEL, TICK_MS } from "./events.ts";

const utf8 = new TextEncoder();
const framed = (text: string) => utf8.encode(`${utf8.encode(text).length.toString(16)}\r\n${text}\r\n`);

/** An event as vLLM writes it, with ids and counts of its tokens. */
function eventOf(i: number): Uint8Array {
  const usage = { prompt_tokens: 128, total_tokens: 129 + i, completion_tokens: 1 + i };
  const choice = { index: 0, delta: { content: " word" }, logprobs: null, finish_reason: null, token_ids: [1000 + i] };
  const head = { id: "chatcmpl-0123456789abcdef", object: "chat.completion.chunk", created: 1, model: STREAM_MODEL };
  return framed(`data: ${JSON.stringify({ ...head, choices: [choice], usage })}\n\n`);
}

const EVENTS = Array.from({ length: EVENTS_AN_ANSWER }, (_, i) => eventOf(i));
const END = utf8.encode(`${new TextDecoder().decode(framed("data: [DONE]\n\n"))}0\r\n\r\n`);
const HEAD = utf8.encode("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
const LIST = JSON.stringify({ object: "list", data: [{ id: STREAM_MODEL, object: "model" }] });
const MODELS = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${LIST.length}\r\n\r\n${LIST}`;

/** Events that each open answer has had. */
const answers = new Map<Socket, number>();

function tick(): void {
  for (const [socket, written] of answers) {
    if (written < EVENTS_AN_ANSWER) {
      socket.write(EVENTS[written]!);
      answers.set(socket, written + 1);
    } else {
      answers.delete(socket);
      socket.write(END);
    }
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let request = "";
  socket.setEncoding("latin1").on("data", (text) => {
    request += text;
    const head = request.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
    if (request.length < head + 4 + length) return;
    const isPost = request.startsWith("POST");
    request = "";
    if (!isPost) return void socket.write(MODELS);
    socket.write(HEAD);
    answers.set(socket, 0);
  });
  const gone = () => void answers.delete(socket);
  socket.on("error", gone).on("close", gone);
});
server.listen(0, "127.0.0.1", () => {
  // deno-lint-ignore no-console -- this is a program
  console.log((server.address() as { port: number }).port);
});
setInterval(tick, TICK_MS);
