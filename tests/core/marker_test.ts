import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { markerCapacity, shiftedMarker, writeMarker } from "../../src/core/marker.ts";

Deno.test("writeMarker() writes each number below the capacity otherwise, and nothing beside its places", () => {
  const shape = fc.record({
    width: fc.integer({ min: 1, max: 3 }),
    base: fc.integer({ min: 2, max: 5 }),
    gaps: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(fc.property(shape, ({ width, base, gaps }) => {
    let end = 0;
    const places = gaps.map((gap) => (end += gap + width) - width);
    const symbols = Uint8Array.from({ length: base * width }, (_, i) => i + 1);
    const marker = { places, symbols, width };
    const numbers = Array.from({ length: markerCapacity(marker) }, (_, number) => {
      const bytes = new Uint8Array(end + 1);
      writeMarker(bytes, marker, number);
      for (const [i, byte] of bytes.entries()) {
        if (!places.some((place) => i >= place && i < place + width)) assertEquals(byte, 0);
      }
      return bytes.toHex();
    });
    assertEquals(new Set(numbers).size, base ** gaps.length);
    const around = new Uint8Array(end + 3);
    writeMarker(around, shiftedMarker(marker, 2), numbers.length + 1);
    assertEquals(around.subarray(2).toHex(), numbers[1], "begins again at 0");
    for (const [number, expected] of numbers.entries()) {
      writeMarker(around, shiftedMarker(marker, 2), number, number === 0 ? numbers.length + 1 : number - 1);
      assertEquals(around.subarray(2).toHex(), expected, "after the one before");
    }
  }));
});
