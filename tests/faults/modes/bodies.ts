import { gzipSync } from "node:zlib";
import { either, fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { type Exchange, type Mode, oneIn } from "../mode.ts";
import { body, bytesLength, flood, goodAnswer, say, withHead } from "../server/scripts.ts";

const MALFORMED = fails("malformed");
const TOO_LARGE = fails(["too-large", "timeout"]);
const MEGABYTE = new Uint8Array(2 ** 20).fill(0x31);

function binary(bytes: Uint8Array, ...lines: string[]): Uint8Array {
  const head = new TextEncoder().encode(withHead([`content-length: ${bytes.length}`, ...lines], ""));
  return new Uint8Array([...head, ...bytes]);
}
const gzipped = (text: string) => new Uint8Array(gzipSync(text));
let bomb: Uint8Array | null = null;
/** 200 MB of blanks around an empty object, in 200 KB. */
const gzipBomb = () => bomb ??= binary(gzipped(" ".repeat(2 ** 20 * 200) + "{}"), "content-encoding: gzip");

/** Puts bytes into the text of a sound answer, within the model's name. */
function withBytes({ good }: Exchange, ...bytes: number[]): Uint8Array {
  const text = new TextEncoder().encode(good.body.replace(/\}(?=[^}]*$)/, ',"note":"@"}'));
  const at = text.lastIndexOf(0x40);
  return binary(
    new Uint8Array([...text.subarray(0, at), ...bytes, ...text.subarray(at + 1)]),
    "content-type: application/json",
  );
}

/** Sends so many megabytes as the list of an answer. */
const megabytes = (count: number, chunked: boolean) => async (exchange: Exchange) => {
  const text = `{"outputs":[`, length = bytesLength(text) + count * MEGABYTE.length;
  const lines = chunked ? ["transfer-encoding: chunked"] : [`content-length: ${length}`];
  const { connection } = exchange;
  await connection.write(withHead(lines, chunked ? `${bytesLength(text).toString(16)}\r\n${text}\r\n` : text));
  if (!chunked) return await flood(exchange, MEGABYTE, count);
  for (let n = 0; n < count && await connection.write("100000\r\n"); n++) {
    await connection.write(MEGABYTE);
    await connection.write("\r\n");
  }
  await connection.write("0\r\n\r\n");
};

/** Faults of what a body holds before it is JSON: its coding, its characters, its size. */
export const BODIES: readonly Mode[] = [
  onPredictions("empty-body", "answers 200 without a body", body(""), MALFORMED),
  onPredictions("blanks-for-a-body", "answers 200 and blanks", body(" \n\t "), MALFORMED),
  onPredictions(
    "gzip-unasked",
    "compresses, though it was not asked to",
    say(({ good }) => binary(gzipped(good.body), "content-encoding: gzip")),
    either("malformed"),
  ),
  onPredictions(
    "gzip-bomb",
    "compresses 200 MB of blanks into 200 KB",
    say(gzipBomb),
    fails(["too-large", "malformed"]),
    { prepare: gzipBomb },
  ),
  onPredictions(
    "gzip-bomb-one-in-ten",
    "sends a gzip bomb in one request of ten",
    say(gzipBomb),
    fails(["too-large", "malformed"]),
    { hits: oneIn(10), prepare: gzipBomb },
  ),
  onPredictions(
    "gzip-that-is-none",
    "says gzip and sends none",
    body(({ good }) => good.body, "content-encoding: gzip"),
    MALFORMED,
  ),
  onPredictions(
    "gzip-cut",
    "sends half of a gzip",
    say(({ good }) => {
      const whole = gzipped(good.body);
      return binary(whole.subarray(0, whole.length >> 1), "content-encoding: gzip");
    }),
    MALFORMED,
  ),
  onPredictions(
    "unknown-coding",
    "says a content coding that nobody knows",
    body(({ good }) => good.body, "content-encoding: pied-piper"),
    either("malformed"),
  ),
  onPredictions(
    "wrong-charset",
    "says UTF-16 and sends UTF-8",
    body(({ good }) => good.body, "content-type: application/json; charset=utf-16"),
    SUCCEEDS,
    {},
  ),
  onPredictions(
    "text-plain",
    "calls its JSON plain text",
    body(({ good }) => good.body, "content-type: text/plain"),
    SUCCEEDS,
    {},
  ),
  onPredictions(
    "invalid-utf-8",
    "sends bytes that are no UTF-8 within a text",
    say((exchange) => withBytes(exchange, 0xc3, 0x28)),
    MALFORMED,
  ),
  onPredictions(
    "overlong-utf-8",
    "writes a character in more bytes than allowed",
    say((exchange) => withBytes(exchange, 0xc0, 0xaf)),
    MALFORMED,
    {},
  ),
  onPredictions(
    "lone-surrogate",
    "writes half a character as UTF-8",
    say((exchange) => withBytes(exchange, 0xed, 0xa0, 0x80)),
    MALFORMED,
    {},
  ),
  onPredictions(
    "byte-order-mark",
    "sends a byte order mark before its JSON",
    body(({ good }) => `\ufeff${good.body}`),
    either("malformed"),
  ),
  onPredictions(
    "control-character-in-text",
    "sends a bare control character within a text",
    say((exchange) => withBytes(exchange, 0x01)),
    MALFORMED,
    {},
  ),
  onPredictions("a-gigabyte", "answers a gigabyte", megabytes(1024, false), TOO_LARGE),
  onPredictions("a-gigabyte-in-chunks", "answers a gigabyte in chunks", megabytes(1024, true), TOO_LARGE),
  onPredictions(
    "a-gigabyte-one-in-ten",
    "answers a gigabyte in one request of ten",
    megabytes(1024, false),
    TOO_LARGE,
    {
      hits: oneIn(10),
    },
  ),
  onPredictions(
    "twenty-megabytes",
    "answers 20 MB, which is allowed, of numbers that are no answer",
    megabytes(20, false),
    fails(["malformed", "timeout"]),
  ),
  onPredictions("answer-in-pieces", "sends its answer byte by byte", async (exchange) => {
    for (const byte of goodAnswer(exchange)) await exchange.connection.write(byte);
  }, SUCCEEDS),
];
