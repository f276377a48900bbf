import { assertEquals } from "@std/assert";
import { bodyLength, wholeBody } from "../../src/core/wire_body.ts";

Deno.test("bodyLength() and wholeBody() agree on every form of a body", () => {
  const rows = [null, new Uint8Array(0), Uint8Array.of(1, 2), [], [Uint8Array.of(1)], [
    Uint8Array.of(1),
    Uint8Array.of(2),
  ]];
  assertEquals(rows.map(bodyLength), [0, 0, 2, 0, 1, 2]);
  assertEquals(rows.map((body) => [...wholeBody(body)]), [[], [], [1, 2], [], [1], [1, 2]]);
});
