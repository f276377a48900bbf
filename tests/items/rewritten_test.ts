import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type MarkedBytes, writeMarker } from "../../src/core/marker.ts";
import { escapedJson, urlencoded } from "../../src/items/rewritten.ts";

const utf8 = new TextEncoder();
const textOf = ({ bytes }: MarkedBytes) => new TextDecoder().decode(bytes);

Deno.test("escapedJson() and urlencoded() are read as what they were", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const bytes = utf8.encode(text);
    assertEquals(JSON.parse(`"${textOf(escapedJson({ bytes }))}"`), text);
    assertEquals(new URLSearchParams(`a=${textOf(urlencoded({ bytes }))}`).get("a"), text);
  }));
});

Deno.test("what is rewritten differs where it differed before", () => {
  const rows = [
    { text: '"é 00', places: [4, 5], symbols: "0123456789", width: 1 },
    { text: '[" a", " b"]', places: [2, 8], symbols: " a b", width: 2 },
  ];
  fc.assert(fc.property(fc.constantFrom(...rows), fc.nat(99), ({ text, places, symbols, width }, number) => {
    const marker = { places, symbols: utf8.encode(symbols), width };
    const before = utf8.encode(text);
    for (const rewrite of [escapedJson, urlencoded]) {
      const after = rewrite({ bytes: before, markers: [marker] });
      writeMarker(after.bytes, after.markers![0]!, number);
      const changed = before.slice();
      writeMarker(changed, marker, number);
      assertEquals(textOf(after), textOf(rewrite({ bytes: changed })));
    }
  }));
});

Deno.test("what would differ in length once it is rewritten stays as it is", () => {
  const marker = { places: [0], symbols: utf8.encode('a"'), width: 1 };
  assertEquals(escapedJson({ bytes: utf8.encode("a"), markers: [marker] }), { bytes: utf8.encode("a") });
});
