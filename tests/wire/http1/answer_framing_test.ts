/** How answers are framed, and what is refused because two readers could take it for two things (RFC 9110 and 9112). */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_FIELDS } from "../../../src/wire/http1/answer_head.ts";
import { MAX_HEAD_BYTES } from "../../../src/wire/http1/answer_reader.ts";
import { cut, OwnParser, type Parsed, parseOwn } from "./parsed.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** What is made of a stream, however it is split. */
function parse(text: string, maxBodyBytes?: number): Parsed {
  const stream = bytesOf(text);
  const whole = parseOwn([stream], maxBodyBytes);
  if (stream.length > 2000) return whole;
  for (let at = 1; at < stream.length; at++) {
    assertEquals(parseOwn(cut(stream, [at]), maxBodyBytes), whole, `split at ${at}`);
  }
  return whole;
}

/** What a table's row says of an answer: status, body, whether the connection stays, and bytes behind it. */
type Row = readonly [
  section: string,
  stream: string,
  status: number,
  body: string,
  keepsAlive: boolean,
  surplus?: number,
];

const TAKEN: readonly Row[] = [
  ["9112 6.3, 6: content-length", `${OK}content-length: 3\r\n\r\nabc`, 200, "abc", true],
  ["9112 6.3, 6: content-length of none", `${OK}content-length: 0\r\n\r\n`, 200, "", true],
  ["9112 6.3, 8: until the end", `${OK}\r\nabc`, 200, "abc", false],
  ["9112 6.3, 1: 204", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true],
  ["9112 6.3, 1: 204 with a length", "HTTP/1.1 204 No\r\ncontent-length: 3\r\n\r\n", 204, "", true],
  ["9112 6.3, 1: 304 with a length", "HTTP/1.1 304 Same\r\ncontent-length: 3\r\n\r\n", 304, "", true],
  ["9112 7.1: chunks", `${CHUNKED}3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n`, 200, "abc0123456789", true],
  ["9112 7.1: leading zeros, capitals", `${CHUNKED}00a\r\n0123456789\r\n000\r\n\r\n`, 200, "0123456789", true],
  ["9112 7.1.1: extensions", `${CHUNKED}1;a;b="c \t;"\r\nx\r\n0 ; z\r\n\r\n`, 200, "x", true],
  ["9112 7: codings in any case", `${OK}Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n`, 200, "", true],
  [
    "9110 15.2: interim answers",
    `HTTP/1.1 100\r\n\r\nHTTP/1.1 103 E\r\na: 1\r\n\r\n${OK}content-length: 0\r\n\r\n`,
    200,
    "",
    true,
  ],
  ["9112 9.3: close", `${OK}connection: x, Close\r\ncontent-length: 0\r\n\r\n`, 200, "", false],
  ["9112 9.3: HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na", 200, "a", false],
  [
    "9112 9.3: HTTP/1.0 that stays",
    "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n",
    200,
    "",
    true,
  ],
  ["9112 4: no reason", "HTTP/1.1 404 \r\ncontent-length: 0\r\n\r\n", 404, "", true],
  ["9112 4: not even its blank", "HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n", 404, "", true],
  ["9112 6.3: surplus is seen", `${OK}content-length: 1\r\n\r\nabc`, 200, "a", true, 2],
  ["9112 6.3: another answer is surplus", `${OK}content-length: 0\r\n\r\n${OK}`, 200, "", true, 17],
  ["9112 7.1: surplus behind chunks", `${CHUNKED}0\r\n\r\nx`, 200, "", true, 1],
  ["9110 6.5: surplus of 204", "HTTP/1.1 204 No\r\ncontent-length: 3\r\n\r\nabc", 204, "", true, 3],
];

const REFUSED: readonly (readonly [section: string, stream: string, why: string])[] = [
  ["9112 6.3, 3: both framings", `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, "both"],
  ["9112 6.3, 3: both, the other way", `${OK}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\nabc`, "both"],
  [
    "9110 8.6: lengths that differ",
    `${OK}content-length: 3\r\ncontent-length: 4\r\n\r\nabc`,
    "several content-lengths",
  ],
  ["9110 8.6: lengths that are the same", `${OK}content-length: 3\r\nContent-Length: 3\r\n\r\nabc`, "several"],
  ["9110 8.6: a list of lengths", `${OK}content-length: 3, 3\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: signs", `${OK}content-length: +3\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: below zero", `${OK}content-length: -3\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: not decimal", `${OK}content-length: 0x3\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: nothing", `${OK}content-length:\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: digits within blanks", `${OK}content-length: 1 2\r\n\r\nabc`, "no whole number"],
  ["9110 8.6: more than can be counted", `${OK}content-length: 9999999999999999\r\n\r\n`, "too many digits"],
  ["9112 6.1: a coding behind chunked", `${OK}transfer-encoding: chunked, gzip\r\n\r\n`, "not chunked"],
  ["9112 6.1: a coding before chunked", `${OK}transfer-encoding: gzip, chunked\r\n\r\n`, "not chunked"],
  ["9112 6.1: chunked twice", `${OK}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`, "not chunked"],
  ["9112 6.1: nearly chunked", `${OK}transfer-encoding: xchunked\r\n\r\n`, "not chunked"],
  ["9112 6.1: quoted", `${OK}transfer-encoding: "chunked"\r\n\r\n`, "not chunked"],
  ["9112 6.1: control characters", `${OK}transfer-encoding: \x0bchunked\r\n\r\n`, "control character"],
  ["9112 6.1: HTTP/1.0", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "HTTP/1.0"],
  ["9112 5.1: a blank before the colon", `${OK}content-length : 3\r\n\r\nabc`, "no valid name"],
  ["9112 5.2: folded", `${OK}a: 1\r\n b\r\n\r\n`, "next line"],
  ["9112 5.2: folded by a tab", `${OK}a: 1\r\n\tcontent-length: 3\r\n\r\n`, "next line"],
  ["9112 5: no colon", `${OK}content-length\r\n\r\n`, "no valid name"],
  ["9112 5: no name", `${OK}: 3\r\n\r\n`, "no valid name"],
  ["9112 2.2: LF alone", "HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n", "CR LF"],
  ["9112 2.2: LF alone behind a field", `${OK}content-length: 0\n\r\n`, "CR LF"],
  ["9112 2.2: an empty line of LF", `${OK}content-length: 0\r\n\n`, "CR LF"],
  ["9112 2.2: CR alone", `${OK}a: b\rcontent-length: 3\r\n\r\nabc`, "CR LF"],
  ["9112 2.2: CR CR LF", `${OK}a: b\r\r\n\r\n`, "CR LF"],
  ["9110 5.5: NUL in a value", `${OK}a: b\0c\r\n\r\n`, "control character"],
  ["9110 5.5: NUL in a name", `${OK}a\0: b\r\n\r\n`, "no valid name"],
  ["9112 4: NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n", "control character"],
  ["9112 2.2: an empty line before it", `\r\n${OK}content-length: 0\r\n\r\n`, "does not begin"],
  ["9112 2.3: another version", "HTTP/2.0 200 OK\r\n\r\n", "does not begin"],
  ["9112 2.3: a version to come", "HTTP/1.2 200 OK\r\n\r\n", "does not begin"],
  ["9112 2.3: small letters", "http/1.1 200 OK\r\n\r\n", "does not begin"],
  ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n", "does not begin"],
  ["9112 4: no status", "HTTP/1.1 abc\r\n\r\n", "no number"],
  ["9112 4: four digits", "HTTP/1.1 2000 OK\r\n\r\n", "no number"],
  ["9112 4: two blanks", "HTTP/1.1  200 OK\r\n\r\n", "no number"],
  ["9110 15: a status that is none", "HTTP/1.1 099 OK\r\n\r\n", "below 100"],
  ["9110 15.2.2: another protocol unasked", "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n", "changes the protocol"],
  ["9110 8.6: an interim answer with a length", "HTTP/1.1 100 C\r\ncontent-length: 3\r\n\r\nabc", "interim"],
  ["9112 7.1: no length", `${CHUNKED}\r\nabc\r\n0\r\n\r\n`, "no length"],
  ["9112 7.1: no digit", `${CHUNKED}g\r\n`, "no length"],
  ["9112 7.1: below zero", `${CHUNKED}-1\r\n`, "no length"],
  ["9112 7.1: hexadecimal with a prefix", `${CHUNKED}0x3\r\nabc\r\n`, "no number"],
  ["9112 7.1: a blank within", `${CHUNKED}1 0\r\n`, "no number"],
  ["9112 7.1: a blank behind", `${CHUNKED}3 \r\nabc\r\n`, "no number"],
  ["9112 7.1: more than can be counted", `${CHUNKED}ffffffffffffffff\r\n`, "too many digits"],
  ["9112 7.1: LF alone behind the length", `${CHUNKED}3\nabc\r\n`, "no number"],
  ["9112 7.1: LF alone behind an extension", `${CHUNKED}3;a\nabc\r\n`, "control character"],
  ["9112 7.1: CR alone behind the length", `${CHUNKED}3\rabc\r\n`, "CR LF"],
  ["9112 7.1: data longer than its length", `${CHUNKED}3\r\nabcd\r\n`, "longer"],
  ["9112 7.1: LF alone behind the data", `${CHUNKED}3\r\nabc\n0\r\n\r\n`, "longer"],
  ["9112 7.1.2: a trailer that is none", `${CHUNKED}0\r\nno colon\r\n\r\n`, "no valid name"],
  ["9110 6.5.1: a trailer that frames", `${CHUNKED}0\r\ncontent-length: 3\r\n\r\n`, "trailers"],
];

Deno.test("AnswerReader takes what is framed with certainty, however it is split", () => {
  for (const [section, stream, status, body, keepsAlive, surplus = 0] of TAKEN) {
    const parsed = parse(stream);
    if (parsed.kind !== "complete") throw new Error(`${section}: ${JSON.stringify(parsed)}`);
    const told = [parsed.status, parsed.body, parsed.keepsAlive, parsed.surplus];
    assertEquals(told, [status, body, keepsAlive, surplus], section);
  }
});

Deno.test("AnswerReader refuses what two readers could take for two things", () => {
  for (const [section, stream, why] of REFUSED) {
    const parsed = parse(stream);
    if (parsed.kind !== "malformed") throw new Error(`${section}: ${JSON.stringify(parsed)}`);
    assertStringIncludes(parsed.why, why, section);
  }
});

Deno.test("AnswerReader misses the end of whatever is cut off", () => {
  const streams = [`${OK}content-length: 3\r\n\r\nabc`, `${CHUNKED}3;a\r\nabc\r\n0\r\ntrailer: 1\r\n\r\n`];
  for (const stream of streams.map(bytesOf)) {
    for (let length = 0; length < stream.length; length++) {
      assertEquals(parseOwn([stream.subarray(0, length)]).kind, "incomplete", `the first ${length} bytes`);
    }
  }
});

Deno.test("AnswerReader bounds heads, fields, extensions, interim answers and bodies", () => {
  const field = "a: b\r\n";
  assertEquals(parse(`${OK}${field.repeat(MAX_FIELDS - 1)}content-length: 0\r\n\r\n`).kind, "complete");
  const rows: readonly [string, number | undefined, string][] = [
    [`${OK}${field.repeat(MAX_FIELDS)}content-length: 0\r\n\r\n`, undefined, "header fields"],
    [`${OK}a: ${"b".repeat(MAX_HEAD_BYTES)}\r\n\r\n`, undefined, "larger than"],
    [`${OK}a: ${"b".repeat(MAX_HEAD_BYTES)}`, undefined, "larger than"],
    [`${CHUNKED}1;${"a".repeat(20_000)}\r\nx\r\n0\r\n\r\n`, undefined, "extensions are too long"],
    [`${CHUNKED}0\r\na: ${"b".repeat(MAX_HEAD_BYTES)}\r\n\r\n`, undefined, "larger than"],
    [`HTTP/1.1 100 C\r\n\r\n`.repeat(100) + `${OK}\r\n`, undefined, "too many interim"],
    [`${OK}content-length: 11\r\n\r\n`, 10, "body is larger than 10 bytes"],
    [`${CHUNKED}6\r\nabcdef\r\n5\r\n`, 10, "body is larger than 10 bytes"],
    [`${OK}\r\n0123456789a`, 10, "body is larger than 10 bytes"],
  ];
  for (const [stream, maxBodyBytes, why] of rows) {
    const parsed = parse(stream, maxBodyBytes);
    assertStringIncludes(parsed.kind === "malformed" ? parsed.why : parsed.kind, why);
  }
});

Deno.test("AnswerReader tells fields by lower-case name, whatever a server calls them", () => {
  const fields = "X-A: 1\r\nx-a:2\r\n__proto__: p\r\nconstructor: c\r\nx-latin: \xe9\t\r\ncontent-length: 0\r\n";
  const parsed = parse(`${OK}${fields}\r\n`);
  const headers = parsed.kind === "complete" ? parsed.headers : {};
  assertEquals(Object.entries(headers), [
    ["x-a", "1, 2"],
    ["__proto__", "p"],
    ["constructor", "c"],
    ["x-latin", "\xe9"],
    ["content-length", "0"],
  ]);
  assertEquals(headers["toString"], undefined);
});

Deno.test("AnswerReader knows a head again, and only the same", () => {
  const parser = new OwnParser();
  const stream = (date: number, body: string) =>
    bytesOf(`${OK}date: ${date}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const first = parser.parse([stream(1, "abc")]), again = parser.parse([stream(1, "xyz")]);
  if (first.kind !== "complete" || again.kind !== "complete") throw new Error("not taken");
  assertEquals([again.body, again.headers === first.headers], ["xyz", true]);
  const other = parser.parse([stream(2, "abcd")]);
  assertEquals(other.kind === "complete" && [other.headers["date"], other.body], ["2", "abcd"]);
  // A shorter stream that begins alike is no answer yet.
  assertEquals(parser.parse([stream(2, "").subarray(0, 20)]).kind, "incomplete");
  assertEquals(parser.parse(cut(stream(2, "abcd"), [30])).kind, "complete");
});
