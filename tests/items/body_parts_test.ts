import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { wholeBody } from "../../src/core/wire_body.ts";
import { BodyParts } from "../../src/items/body_parts.ts";

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("BodyParts is the text of its parts", () => {
  fc.assert(fc.property(fc.string(), fc.array(fc.string({ minLength: 1 })), fc.string(), (before, values, after) => {
    const items = values.map((value) => ({ bytes: utf8.encode(`,${value}`) }));
    const { body } = new BodyParts().text(before).list(items).text(after).encoded();
    assertEquals(wholeBody(body), utf8.encode(before + values.join(",") + after));
  }));
});

Deno.test("BodyParts shares what it is given, and makes one part of what stands together in memory", () => {
  const memory = utf8.encode(",one,two,three");
  const items = [[0, 4], [4, 8], [8, 14]].map(([from, to]) => ({ bytes: memory.subarray(from, to) }));
  const { body } = new BodyParts().text("[").list(items).text("]").encoded();
  assertEquals(body.map(text), ["[", "one,two,three", "]"]);
  assertStrictEquals(body[1]!.buffer, memory.buffer);
  const apart = new BodyParts().bytes(items[0]!).bytes(items[2]!).encoded().body;
  assertEquals(apart.map(({ byteOffset }) => byteOffset), [0, 8]);
});

Deno.test("BodyParts tells where each item's marker stands, whatever stands before it", () => {
  const memory = utf8.encode(",a0,b0");
  const marker = { places: [2], symbols: utf8.encode("01"), width: 1 };
  const markers = [marker];
  const items = [{ bytes: memory.subarray(0, 3) }, { bytes: memory.subarray(3), markers }, { bytes: memory, markers }];
  const { body, markers: found = [] } = new BodyParts().text("[").list(items).encoded();
  const seen = found.map(({ part, marker, item }) => [text(body[part]!.subarray(marker.places[0]! - 1)), item]);
  assertEquals(seen, [["b0", 1], ["a0,b0", 2]]);
  const first = new BodyParts().list(items.slice(1)).encoded();
  assertEquals(first.markers?.[0], { part: 0, marker: { ...marker, places: [1] }, item: 0 });
});
