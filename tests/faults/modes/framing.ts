import { either, fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { type Mode, oneIn } from "../mode.ts";
import { bytesLength, flood, say, sayAndClose, sayAndStall, withHead } from "../server/scripts.ts";
import type { Exchange } from "../mode.ts";

const MALFORMED = fails("malformed");

/** An answer with these lines in place of its content-length. */
const framed = (lines: (length: number) => readonly string[]) => ({ good }: Exchange) =>
  withHead(lines(bytesLength(good.body)), good.body);
const lengths = (...values: readonly (number | string)[]) =>
  framed(() => values.map((value) => `content-length: ${value}`));
const CHUNKED = "transfer-encoding: chunked";
const chunk = (text: string) => `${bytesLength(text).toString(16)}\r\n${text}\r\n`;
const chunked = (write: (body: string) => string, ...lines: string[]) => ({ good }: Exchange) =>
  withHead([CHUNKED, ...lines], write(good.body));

/** Faults of what says where an answer ends: content-length and chunks. */
export const FRAMING: readonly Mode[] = [
  onPredictions(
    "no-length-and-close",
    "says no length and closes behind the body",
    sayAndClose(framed(() => [])),
    SUCCEEDS,
  ),
  onPredictions(
    "no-length-and-stay",
    "says no length and keeps the connection",
    sayAndStall(framed(() => [])),
    fails("timeout"),
  ),
  onPredictions(
    "two-equal-lengths",
    "says the same length twice",
    say(framed((n) => [`content-length: ${n}`, `content-length: ${n}`])),
    either("malformed"),
  ),
  onPredictions(
    "two-lengths",
    "says two lengths",
    say(framed((n) => [`content-length: ${n}`, `content-length: ${n + 9}`])),
    MALFORMED,
  ),
  onPredictions("negative-length", "says a negative length", say(lengths(-1)), MALFORMED),
  onPredictions("length-in-words", "says a length that is no number", say(lengths("many")), MALFORMED),
  onPredictions("length-in-hex", "says a length as 0x20", say(lengths("0x20")), MALFORMED),
  onPredictions("length-beyond-numbers", "says a length of 30 digits", sayAndClose(lengths("9".repeat(30))), MALFORMED),
  onPredictions(
    "huge-length",
    "says a length of a terabyte and sends little",
    sayAndClose(lengths(1e12)),
    fails(["malformed", "closed", "too-large"]),
  ),
  onPredictions("empty-length", "says an empty length", say(lengths("")), MALFORMED),
  onPredictions(
    "length-and-chunks",
    "says a length and sends chunks",
    say(({ good }) => withHead([CHUNKED, "content-length: 5"], `${chunk(good.body)}0\r\n\r\n`)),
    either("malformed"),
  ),
  onPredictions(
    "unknown-transfer-encoding",
    "says a transfer encoding that nobody knows",
    sayAndClose(framed(() => ["transfer-encoding: zigzag"])),
    either("malformed"),
    {},
  ),
  onPredictions(
    "too-short",
    "sends less than it said and closes",
    sayAndClose(framed((n) => [`content-length: ${n + 10}`])),
    fails("closed"),
  ),
  onPredictions(
    "too-short-and-stay",
    "sends less than it said and keeps the connection",
    sayAndStall(framed((n) => [`content-length: ${n + 10}`])),
    fails("timeout"),
  ),
  onPredictions(
    "too-short-one-in-five",
    "sends less than it said, of one request in five",
    sayAndClose(framed((n) => [`content-length: ${n + 1}`])),
    fails("closed"),
    {
      hits: oneIn(5),
    },
  ),
  onPredictions("too-long", "sends more than it said", say(framed((n) => [`content-length: ${n - 3}`])), MALFORMED),
  onPredictions(
    "surplus",
    "sends a second answer that nobody asked for",
    say((exchange) =>
      framed((n) => [`content-length: ${n}`])(exchange) + "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    ),
    either("malformed"),
  ),
  onPredictions(
    "chunk-size-in-words",
    "sends a chunk size that is no number",
    sayAndClose(chunked((body) => `zz\r\n${body}\r\n0\r\n\r\n`)),
    MALFORMED,
  ),
  onPredictions(
    "chunk-size-negative",
    "sends a negative chunk size",
    sayAndClose(chunked((body) => `-5\r\n${body}\r\n0\r\n\r\n`)),
    MALFORMED,
  ),
  onPredictions(
    "chunk-size-overflow",
    "sends a chunk size of 20 digits",
    sayAndClose(chunked((body) => `${"f".repeat(20)}\r\n${body}\r\n0\r\n\r\n`)),
    fails(["malformed", "too-large"]),
  ),
  onPredictions(
    "chunk-too-long",
    "sends more than the chunk size says",
    sayAndClose(chunked((body) => `1\r\n${body}\r\n0\r\n\r\n`)),
    MALFORMED,
  ),
  onPredictions(
    "chunk-extensions",
    "sends extensions of chunks",
    say(chunked((body) => chunk(body).replace("\r\n", ';note="a;b"\r\n') + "0\r\n\r\n")),
    SUCCEEDS,
    {},
  ),
  onPredictions("endless-chunk-extension", "sends an extension of a chunk without an end", async (exchange) => {
    await exchange.connection.write(withHead([CHUNKED], "5;"));
    await flood(exchange, "a".repeat(4096));
  }, fails(["malformed", "too-large", "timeout"])),
  onPredictions(
    "no-last-chunk-and-close",
    "leaves out the last chunk and closes",
    sayAndClose(chunked(chunk)),
    fails("closed"),
  ),
  onPredictions(
    "no-last-chunk-and-stay",
    "leaves out the last chunk and keeps the connection",
    sayAndStall(chunked(chunk)),
    fails("timeout"),
  ),
  onPredictions("endless-chunks", "sends chunks without an end", async (exchange) => {
    await exchange.connection.write(withHead([CHUNKED], ""));
    await flood(exchange, chunk("1,".repeat(8192)));
  }, fails(["too-large", "timeout"])),
  onPredictions(
    "one-byte-chunks",
    "sends its body in chunks of one byte",
    say(chunked((body) => [...body].map(chunk).join("") + "0\r\n\r\n")),
    SUCCEEDS,
  ),
  onPredictions("endless-one-byte-chunks", "sends chunks of one byte without an end", async (exchange) => {
    await exchange.connection.write(withHead([CHUNKED], ""));
    await flood(exchange, chunk("1").repeat(2000));
  }, fails(["too-large", "timeout"])),
  onPredictions(
    "empty-lines-between-chunks",
    "sends an empty line between chunks",
    sayAndClose(chunked((body) => `${chunk(body)}\r\n0\r\n\r\n`)),
    MALFORMED,
    {},
  ),
  onPredictions(
    "garbage-trailers",
    "sends trailers that are none",
    sayAndClose(chunked((body) => `${chunk(body)}0\r\nno trailer at all\r\n\r\n`)),
    either("malformed"),
  ),
  onPredictions("endless-trailers", "sends trailers without an end", async (exchange) => {
    await exchange.connection.write(chunked((body) => `${chunk(body)}0\r\n`)(exchange));
    await flood(exchange, `${"x-trailer: ".padEnd(500, "a")}\r\n`);
  }, fails(["malformed", "too-large", "timeout"])),
];
