import { assertEquals, assertThrows } from "@std/assert";
import { figuresOf } from "../../../tasks/agreement/locust.ts";

Deno.test("figuresOf() counts what ended in the window, which begins a second after the first answer", () => {
  const before = [[0, 900], [999, 900]] as const;
  const within = Array.from({ length: 20 }, (_, i) => [1000 + 100 * i, i] as const);
  const after = [[3000, 900]] as const;
  const { requestsPerSecond, ...latencies } = figuresOf({ answers: [...before, ...within, ...after], failures: [] }, 2);
  assertEquals(requestsPerSecond, 20 / 1.9);
  assertEquals(latencies, { p50Ms: 9.5, p95Ms: 18.05, p99Ms: 18.81 });
});

Deno.test("figuresOf() refuses failures and an empty window", () => {
  assertThrows(() => figuresOf({ answers: [[0, 1]], failures: ["503"] }, 1), RangeError, "503");
  assertThrows(() => figuresOf({ answers: [], failures: [] }, 1), RangeError, "found none");
});
