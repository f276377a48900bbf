import { assertEquals } from "@std/assert";
import { DueCount } from "../../src/load/due_count.ts";

function count(dues: readonly (readonly [dueAtMs: number, windowStartMs: number | null])[], from: number, to: number) {
  const due = new DueCount();
  for (const [dueAtMs, windowStartMs] of dues) due.add(dueAtMs, windowStartMs);
  return due.within(from, to);
}

Deno.test("DueCount counts what was due in a window, its begin included and its end not", () => {
  assertEquals(count([[0, null], [10, null], [20, 10], [30, 10], [40, 10], [40, 10]], 10, 40), 3);
  assertEquals(count([[0, null], [10, null], [20, null]], 10, 20), 1);
  assertEquals(count([[5, 10], [12, 10]], 10, 20), 1, "one that is offered late was due before the window");
  assertEquals(count([], 0, 10), 0);
});
