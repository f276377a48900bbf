/** What a faulty server does, put together by the tables of modes. */
import { httpAnswer } from "../../wire/raw_server.ts";
import type { Exchange, Script } from "../mode.ts";

const ENCODER = new TextEncoder();

/** A time that passes, or less where the connection goes. */
export async function pass(exchange: Pick<Exchange, "connection">, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, exchange.connection.closed]);
  clearTimeout(timer);
}

/** The sound answer as text. */
export function goodAnswer({ good: { body, status, headers } }: Exchange): string {
  return httpAnswer(body, status, headers);
}

type Bytes = string | Uint8Array;
type Said = Bytes | ((exchange: Exchange) => Bytes);

function bytesOf(said: Said, exchange: Exchange): Bytes {
  return typeof said === "function" ? said(exchange) : said;
}

/** Sends bytes as they are, and keeps the connection. */
export const say = (said: Said): Script => (exchange) => exchange.connection.write(bytesOf(said, exchange));

/** Sends bytes as they are, and closes: what still comes is answered with RST. */
export const sayAndClose = (said: Said): Script => async (exchange) => {
  await exchange.connection.write(bytesOf(said, exchange));
  exchange.connection.destroy();
};

/** Sends bytes as they are, and resets the connection once they are on their way. */
export const sayAndReset = (said: Said): Script => async (exchange) => {
  await exchange.connection.write(bytesOf(said, exchange));
  await pass(exchange, 30);
  exchange.connection.reset();
};

/** Sends bytes as they are, then nothing until the client goes. */
export const sayAndStall = (said: Said): Script => async (exchange) => {
  await exchange.connection.write(bytesOf(said, exchange));
  await exchange.connection.closed;
};

/** Answers nothing until the client goes. */
export const STALL: Script = ({ connection }) => connection.closed;

/** Answers an HTTP status with a JSON error in the words of all protocols. */
export const status = (code: number, words = "a fault", ...headers: string[]): Script =>
  say(httpAnswer(errorBody(words), code, ["content-type: application/json", ...headers]));

/** A JSON error in the words of all protocols. */
export function errorBody(words: string): string {
  return JSON.stringify({ error: words, detail: words, message: words, problem: { text: words } });
}

/** Answers 200 with such a body. */
export const body = (text: string | ((exchange: Exchange) => string), ...headers: string[]): Script =>
  say((exchange) => httpAnswer(typeof text === "function" ? text(exchange) : text, 200, headers));

/** Answers what a sound server does with its JSON changed. */
// deno-lint-ignore no-explicit-any -- answers of any protocol
export const changed = (change: (answer: any) => unknown): Script =>
  body((exchange) => JSON.stringify(change(JSON.parse(exchange.good.body))));

/** Answers soundly after a time. */
export const late = (ms: number | ((number: number) => number)): Script => async (exchange) => {
  await pass(exchange, typeof ms === "function" ? ms(exchange.number) : ms);
  await exchange.connection.write(goodAnswer(exchange));
};

/** Answers soundly. */
export const GOOD: Script = say(goodAnswer);

/** A head and a body, of a sound answer. */
export function inParts(exchange: Exchange): { readonly head: string; readonly body: string } {
  const whole = goodAnswer(exchange), end = whole.indexOf("\r\n\r\n") + 4;
  return { head: whole.slice(0, end), body: whole.slice(end) };
}

/** A head with these lines before a body. */
export function withHead(lines: readonly string[], text: string, first = "HTTP/1.1 200 OK"): string {
  return `${[first, ...lines].join("\r\n")}\r\n\r\n${text}`;
}

/** Bytes of a text. */
export function bytesLength(text: string): number {
  return ENCODER.encode(text).length;
}

/** Sends a piece again and again until the client goes, or so many were sent. */
export async function flood(exchange: Exchange, piece: Bytes, times = Infinity): Promise<void> {
  for (let n = 0; n < times && await exchange.connection.write(piece); n++);
}
