import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { eventReader } from "../../../src/protocols/streams/event_reader.ts";
import type { StreamFraming } from "../../../src/core/stream/stream_event.ts";

const utf8 = new TextEncoder();

/** Events of a body that comes in the pieces that end at `cuts`. */
function eventsOf(framing: StreamFraming, body: Uint8Array, cuts: readonly number[] = []): string[] {
  const events: string[] = [];
  const reader = eventReader(framing, (data, name) => events.push(name === undefined ? data : `${name}: ${data}`));
  for (let repeated = 0; repeated < 2; repeated++) {
    events.length = 0;
    reader.begin();
    let from = 0;
    for (const to of [...new Set(cuts)].sort((a, b) => a - b)) {
      reader.push(body.subarray(from, to));
      from = Math.max(from, to);
    }
    reader.push(body.subarray(from));
    reader.end();
  }
  return events;
}

Deno.test("eventReader() takes comments, every end of line, names, and a last event without its delimiter", () => {
  const text = ": ping\n\ndata: 1\n\ndata:2\r\n\r\nevent: error\ndata: 3\n\n\n\ndata: a\ndata: b\n\nid: 7\n\ndata: é";
  assertEquals(eventsOf("sse", utf8.encode(text)), ["1", "2", "error: 3", "a\nb", "é"]);
  assertEquals(eventsOf("ndjson", utf8.encode('{"a":1}\n\r\n {"b":2}\r\n{"c":"é"}')), [
    '{"a":1}',
    '{"b":2}',
    '{"c":"é"}',
  ]);
});

Deno.test("eventReader() leaves out events without data, but for an error", () => {
  const text = 'data:\n\ndata: {"a":1}\n\ndata: \n\nevent: end\ndata:\n\nevent: error\ndata:\n\ndata';
  assertEquals(eventsOf("sse", utf8.encode(text)), ['{"a":1}', "error: "]);
});

Deno.test("eventReader() finds the same events however the body is cut", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ""));
  const ends = fc.constantFrom("\n", "\r\n");
  const sse = fc.array(fc.tuple(fc.constantFrom("data: ", "data:", ": ", "id: ", "event: ", ""), line, ends), {
    maxLength: 20,
  })
    .map((lines) => lines.map((parts) => parts.join("")).join(""));
  const ndjson = fc.array(fc.tuple(line, ends), { maxLength: 20 }).map((lines) =>
    lines.map((parts) => parts.join("")).join("")
  );
  for (const [framing, bodies] of [["sse", sse], ["ndjson", ndjson]] as const) {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(400), { maxLength: 12 }), (text, cuts) => {
        const body = utf8.encode(text);
        const inside = cuts.filter((cut) => cut < body.length);
        assertEquals(eventsOf(framing, body, inside), eventsOf(framing, body));
        assertEquals(eventsOf(framing, body, Array.from(body, (_, i) => i)), eventsOf(framing, body));
      }),
      { numRuns: 500 },
    );
  }
});

Deno.test("eventReader() refuses what is not UTF-8, also where the body ends within a character", () => {
  for (const framing of ["sse", "ndjson"] as const) {
    assertThrows(() => eventsOf(framing, Uint8Array.of(0x64, 0xff, 0x0a)), SyntaxError, "it is not UTF-8");
    assertThrows(() => eventsOf(framing, utf8.encode("data: é").subarray(0, -1)), SyntaxError, "it is not UTF-8");
  }
});

Deno.test("eventReader() takes bytes for UTF-8 exactly where a strict decoder does, however they are cut", () => {
  const parts = fc.constantFrom("a", "é", "\u{1f600}", "\ufeff", "\ufffd", "\n").map((text) => [...utf8.encode(text)]);
  const stray = fc.constantFrom(0xff, 0xc3, 0xef, 0x80).map((byte) => [byte]);
  const mixed = fc.array(fc.oneof({ weight: 20, arbitrary: parts }, { weight: 1, arbitrary: stray }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(mixed, fc.array(fc.nat(40), { maxLength: 6 }), (parts, cuts) => {
      const body = Uint8Array.from(parts.flat()), inside = cuts.filter((cut) => cut < body.length);
      const found = () => eventsOf("ndjson", body, inside);
      let text: string;
      try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(body);
      } catch {
        return void assertThrows(found, SyntaxError, "it is not UTF-8");
      }
      assertEquals(found(), text.split("\n").map((line) => line.trim()).filter((line) => line !== ""));
      const sse = [...utf8.encode("data: "), ...utf8.encode(text.replaceAll("\n", "\ndata: "))];
      assertEquals(eventsOf("sse", Uint8Array.from(sse), inside), text.trim() === "" ? [] : [text]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("eventReader() ends an event that never ends", () => {
  const piece = new Uint8Array(2 ** 22).fill(0x61);
  for (const framing of ["sse", "ndjson"] as const) {
    const reader = eventReader(framing, () => {});
    reader.begin();
    assertThrows(
      () => {
        for (let i = 0; i < 8; i++) reader.push(piece);
      },
      SyntaxError,
      "an event holds more than",
    );
  }
});
