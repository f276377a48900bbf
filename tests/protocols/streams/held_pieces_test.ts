import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { HeldPieces } from "../../../src/protocols/streams/held_pieces.ts";

const utf8 = new TextEncoder();

Deno.test("HeldPieces hands on every piece at its moment and in its order, also where there is no room for it", () => {
  const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(5000)), { maxLength: 200 });
  fc.assert(fc.property(lengths, (lengths) => {
    const pieces = lengths.map((length, i) => [`${i}`.padEnd(length, "."), i] as const);
    const read: (readonly [string, number])[] = [];
    const held = new HeldPieces((bytes, atMs) => read.push([new TextDecoder().decode(bytes), atMs]));
    const lent = new Uint8Array(5000);
    for (const [text, atMs] of pieces) {
      const { written } = utf8.encodeInto(text, lent);
      held.add(lent.subarray(0, written), atMs);
      lent.fill(0);
    }
    held.readAll();
    assertEquals(read, pieces);
    held.readAll();
    assertEquals(read.length, pieces.length);
  }));
});

Deno.test("HeldPieces reads nothing at once of what is small, and lets go of what nobody wants", () => {
  let read = 0;
  const held = new HeldPieces(() => read++);
  held.add(utf8.encode("a"), 1);
  assertEquals(read, 0);
  held.drop();
  held.readAll();
  assertEquals(read, 0);
});
