import type { Random } from "../../../src/core/random.ts";

/** Makes streams of bytes that are HTTP/1.1 answers, nearly so, or not at all. */
export function makeStream(random: Random): Uint8Array {
  let text = "";
  while (random() < 0.1) text += interim(random);
  text += answer(random);
  if (random() < 0.1) text += pick(random, ["x", "\r\n", answer(random)]);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return random() < 0.5 ? bytes : mutated(bytes, random);
}

const PIECES = [
  "\r",
  "\n",
  "\r\n",
  "\0",
  " ",
  "\t",
  ":",
  ";",
  ",",
  "0",
  "f",
  "-1",
  "+1",
  "\x7f",
  "\xe9",
  "\x0b",
  "\r\n ",
  "\r\n\r\n",
  "chunked",
  "content-length: 3\r\n",
  "transfer-encoding: chunked\r\n",
  "HTTP/1.1 ",
  "HTTP/1.0 200 OK\r\n",
];

function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let all = [...bytes];
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const at = below(random, all.length + 1), end = Math.min(all.length, at + 1 + below(random, 8));
    const piece = [...pick(random, PIECES)].map((letter) => letter.charCodeAt(0));
    const kind = below(random, 5);
    if (kind === 0) all.splice(at, 0, ...piece);
    else if (kind === 1) all.splice(at, end - at);
    else if (kind === 2) all.splice(at, end - at, ...piece);
    else if (kind === 3) all.splice(at, 0, ...all.slice(at, end));
    else if (at < all.length) all[at] = below(random, 256);
    if (all.length === 0) all = piece;
  }
  return Uint8Array.from(all);
}

function interim(random: Random): string {
  const status = pick(random, ["100 Continue", "103 Early Hints", "102 Processing", "199"]);
  return `HTTP/1.1 ${status}\r\n${random() < 0.5 ? "link: </a>\r\n" : ""}\r\n`;
}

const STATUS = [
  "200 OK",
  "200",
  "200 ",
  "201 Created",
  "204 No Content",
  "304 Not Modified",
  "404 Not Found",
  "500 \xe9!",
];
const ODD_STATUS = ["099 Low", "20 Short", "2000 Long", "abc", "101 Switching", "999 High", "600", " 200", "000"];
const VERSIONS = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"];
const ODD_VERSIONS = ["HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/11", "ICY", "\r\nHTTP/1.1"];
const FIELDS = [
  "server: nginx",
  "Content-Type: application/json",
  "X-A:1",
  "x-a:  2 \t ",
  "set-cookie: a=b; c",
  "x-empty:",
  "x-latin: \xe9",
  "__proto__: x",
  "constructor: y",
  "connection: close",
  "Connection: keep-alive",
  "connection: Keep-Alive, x",
  "connection: x, close",
];
const ODD_FIELDS = [
  "no-colon",
  ": no name",
  "bad name: 1",
  "space : 1",
  " folded: 1",
  "a: 1\r\n folded",
  "a: 1\n2",
  "a: \x01",
  "a\x00: 1",
  "content-length: 1",
  "content-length: 1, 1",
  "content-length: +1",
  "content-length: 0x1",
  "content-length: ",
  "content-length: 99999999999999999999",
  "transfer-encoding: gzip",
  "transfer-encoding: chunked",
  "transfer-encoding: gzip, chunked",
  "transfer-encoding: chunked, chunked",
  "transfer-encoding: xchunked",
  "transfer-encoding: Chunked ",
  "upgrade: h2c",
];

function answer(random: Random): string {
  const version = random() < 0.04 ? pick(random, ODD_VERSIONS) : pick(random, VERSIONS);
  const status = random() < 0.06 ? pick(random, ODD_STATUS) : pick(random, STATUS);
  const fields: string[] = [];
  while (random() < 0.6) fields.push(pick(random, FIELDS));
  if (random() < 0.15) fields.push(pick(random, ODD_FIELDS));
  const body = "abcdefghij\r\n\r\n0\r\n".slice(below(random, 3), below(random, 17));
  const framing = random();
  let tail = body;
  if (framing < 0.4) fields.push(`Content-Length: ${body.length + (random() < 0.1 ? below(random, 3) - 1 : 0)}`);
  else if (framing < 0.85) {
    fields.push(pick(random, ["transfer-encoding: chunked", "Transfer-Encoding: Chunked"]));
    tail = chunks(random, body);
  }
  shuffle(random, fields);
  return `${version} ${status}\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n${tail}`;
}

const EXTENSIONS = ["", "", "", "", ";a", ";a=b", ';a="b c"', ";a=b;c=d"];
const ODD_SIZES = [
  "",
  " ",
  "g",
  "-1",
  "0x1",
  "1 ",
  "1 ;a",
  "ffffffffffffffff1",
  "10000000000000000",
  "1;\x01",
  "1;;",
  "1;a b",
  "00",
];

function chunks(random: Random, body: string): string {
  let text = "";
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + below(random, 6));
    const digits = pick(random, [size.toString(16), `0${size.toString(16)}`, size.toString(16).toUpperCase()]);
    const line = random() < 0.03 ? pick(random, ODD_SIZES) : digits + pick(random, EXTENSIONS);
    text += `${line}\r\n${body.slice(at, at + size)}${random() < 0.02 ? "" : "\r\n"}`;
    at += size;
  }
  const trailers: string[] = [];
  while (random() < 0.25) trailers.push(pick(random, [...FIELDS.slice(0, 9), "grpc-status: 0"]));
  if (random() < 0.05) trailers.push(pick(random, ODD_FIELDS));
  return `${text}0${pick(random, EXTENSIONS)}\r\n${trailers.map((line) => `${line}\r\n`).join("")}\r\n`;
}

function shuffle(random: Random, list: string[]): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)]!;
}
