/** The parser against that of Node.js and undici, over streams that are answers, nearly so, or not at all. */
import { assert } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { parseByLlhttp } from "./llhttp.ts";
import { cut, OwnParser, type Parsed, parseOwn } from "./parsed.ts";
import { makeStream } from "./streams.ts";

const STREAMS = 100_000;
/** Of so many streams one is split at every position. */
const SPLIT_EVERY = 40;

/** What is refused though llhttp takes it, with the section that says why. */
const STRICTER: Readonly<Record<string, string>> = {
  "it does not begin with HTTP/1.1 or HTTP/1.0": "RFC 9112, 2.3 and 4: no other version, no empty line before it",
  "a line does not end with CR LF": "RFC 9112, 2.2: a lone CR is invalid",
  "its first line holds a control character": "RFC 9112, 4: a reason is printable",
  "its status is below 100": "RFC 9110, 15: such a status is invalid",
  "it has a transfer-encoding in HTTP/1.0": "RFC 9112, 6.1: its framing is faulty",
  "its transfer-encoding is not chunked": "RFC 9112, 6.1 and 7.4: no other coding was asked for",
  "its content-length has too many digits": "RFC 9110, 8.6: what is too large to be counted must not be misread",
  "its trailers say how long its body is": "RFC 9110, 6.5.1: fields of framing must not be trailers",
  "an interim answer says that it has a body": "RFC 9110, 8.6 and RFC 9112, 6.1: it must not",
};

/** What is taken though llhttp refuses it, as what llhttp says, with the section that says why. */
const MORE_LENIENT: readonly (readonly [RegExp, string])[] = [
  [/chunk extensions/, "RFC 9112, 7.1.1: what an extension says is not looked at"],
  [/^Invalid character in chunk size$/, "RFC 9110, 5.6.3: blanks before an extension must be taken"],
];

/** Streams that are taken for something else than by llhttp, with the section that says why. */
const OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [
    /(transfer-encoding|content-length):[ \t]*[^\r\n]*\t\s*\r/i,
    "RFC 9110, 5.6.3: a tab behind a value is a blank, no part of it",
  ],
];

/** Whether both agree, or differ as they may. */
function objection(own: Parsed, other: Parsed, stream: string): string | null {
  if (OTHERWISE.some(([pattern]) => pattern.test(stream))) return null;
  if (own.kind === "complete" && other.kind === "complete") {
    const { keepsAlive: ownKeeps, ...rest } = own, { keepsAlive: otherKeeps, ...otherRest } = other;
    // RFC 9112, 9.3: "close" holds whatever else is said.
    if (ownKeeps && !otherKeeps) return "the connection is kept where llhttp gives it up";
    return same(rest, otherRest) ? null : "the answers differ";
  }
  if (own.kind !== "complete" && other.kind !== "complete") return null;
  if (own.kind === "malformed") return Object.hasOwn(STRICTER, own.why) ? null : `refused: ${own.why}`;
  if (own.kind === "incomplete") return "incomplete, where llhttp has an answer";
  if (other.kind !== "malformed") return "complete, where llhttp misses more";
  return MORE_LENIENT.some(([why]) => why.test(other.why)) ? null : `taken, where llhttp says: ${other.why}`;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Two or three places at which a stream is cut. */
function places(length: number, random: () => number): number[] {
  return [random(), random(), random()].map((place) => Math.floor(place * length)).sort((a, b) => a - b);
}

function show(stream: Uint8Array): string {
  return String.fromCharCode(...stream);
}

Deno.test(`AnswerReader reads ${STREAMS} made-up streams as llhttp does, or more strictly by a named rule`, () => {
  // Another range of seeds: TORCHGAUGE_FUZZ_SEED=1000000 deno test ...
  const first = Number(Deno.env.get("TORCHGAUGE_FUZZ_SEED") ?? 1);
  const own = new OwnParser();
  let shorts = 0;
  for (let seed = first; seed < first + STREAMS; seed++) {
    const random = seededRandom(seed), stream = makeStream(random);
    const pieces = cut(stream, places(stream.length, random));
    // One parser for all of them, as one serves all answers of a lane.
    const parsed = own.parse(pieces);
    const wrong = objection(parsed, parseByLlhttp(pieces), show(stream));
    if (wrong !== null) throw new Error(`seed ${seed}: ${wrong}\n${JSON.stringify(show(stream))}`);
    // The head is known by now, so that the short way is open to most of them.
    const short = own.parseWhole(stream);
    if (short !== null) shorts++;
    if (short !== null && !same(short, parsed)) {
      throw new Error(`seed ${seed}: another answer by the short way\n${JSON.stringify(show(stream))}`);
    }
    if (seed % SPLIT_EVERY !== 0) continue;
    for (let at = 0; at <= stream.length; at++) {
      const split = own.parse(cut(stream, [at]));
      if (!same(split, parsed)) {
        throw new Error(`seed ${seed}: another answer where split at ${at}\n${JSON.stringify(show(stream))}`);
      }
    }
    const bytewise = parseOwn(cut(stream, Array.from({ length: stream.length }, (_, i) => i)));
    if (!same(bytewise, parsed)) {
      throw new Error(`seed ${seed}: another answer byte by byte\n${JSON.stringify(show(stream))}`);
    }
  }
  assert(shorts > STREAMS / 20, `only ${shorts} went the short way`);
});
