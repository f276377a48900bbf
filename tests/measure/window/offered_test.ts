import { assertEquals } from "@std/assert";
import type { Session } from "../../../src/measure/session.ts";
import { mostOffered } from "../../../src/measure/window/offered.ts";

const most = (ceiling: { perSecond: number; isAtLeast: boolean } | null, workers?: { count: number; most: number }) =>
  mostOffered({ ceiling: { of: () => Promise.resolve(ceiling) }, options: { workers } } as unknown as Session, 1);

Deno.test("mostOffered() is what all threads of the client can send, as far as it is known", async () => {
  assertEquals(await most({ perSecond: 500, isAtLeast: false }), 500);
  assertEquals(await most({ perSecond: 500, isAtLeast: false }, { count: 4, most: 4 }), 2000);
  assertEquals(
    await most({ perSecond: 500, isAtLeast: false }, { count: 1, most: 4 }),
    2000,
    "one that is busy is joined by others",
  );
  assertEquals(await most({ perSecond: 500, isAtLeast: true }), Infinity);
  assertEquals(await most(null), Infinity);
});
