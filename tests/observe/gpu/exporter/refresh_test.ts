import { assertEquals } from "@std/assert";
import { Refresh, tooShortFor } from "../../../../src/observe/gpu/exporter/refresh.ts";

/** What is seen of an exporter that refreshes every so often, when it is read at some moments. */
function refreshSeen(everyMs: number, readAtMs: readonly number[]): number {
  const refresh = new Refresh(500);
  for (const at of readAtMs) refresh.saw(String(Math.floor(at / everyMs)), at);
  return refresh.refreshMs;
}

const every = (ms: number, fromMs: number, toMs: number) =>
  Array.from({ length: Math.floor((toMs - fromMs) / ms) + 1 }, (_, i) => fromMs + i * ms);

Deno.test("Refresh finds how often an exporter refreshes, to an interval of reading", () => {
  assertEquals(refreshSeen(100, every(500, 0, 8000)), 500);
  assertEquals(refreshSeen(1000, every(500, 0, 8000)), 1000);
  assertEquals(refreshSeen(2000, every(500, 0, 8000)), 2000);
  assertEquals(refreshSeen(30_000, every(500, 0, 90_000)), 30_000);
});

Deno.test("Refresh knows of a slow exporter while its first values still stand", () => {
  const source = { name: "dcgm-exporter" as const, refreshMs: refreshSeen(30_000, every(500, 0, 4000)) };
  assertEquals(source.refreshMs, 4500);
  assertEquals(
    tooShortFor(source, 4000),
    "the values of dcgm-exporter stand for 4.5 s and more, and a window must last three times as long: this one lasted 4 s",
  );
});

Deno.test("Refresh takes no pause between readings for a refresh", () => {
  assertEquals(refreshSeen(1000, [...every(500, 0, 4000), ...every(500, 60_000, 61_000)]), 1000);
});

Deno.test("Refresh forgets an exporter's hiccup", () => {
  const refresh = new Refresh(500);
  const stood = (values: string, fromMs: number, toMs: number) => {
    for (const at of every(500, fromMs, toMs)) refresh.saw(values, at);
  };
  stood("a", 0, 9500);
  assertEquals(refresh.refreshMs, 10_000);
  stood("b", 10_000, 10_500);
  stood("c", 11_000, 11_500);
  assertEquals(refresh.refreshMs, 1000);
});
