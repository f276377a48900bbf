import { assert, assertEquals } from "@std/assert";
import { KINDS, RESULT_KINDS, type ResultKind, type TestResult, type TestResults } from "../../src/results/kinds.ts";
import type { Kind } from "../../src/results/kinds/kind.ts";
import { bestWindows, leadingWindow, windowsOf } from "../../src/results/windows.ts";
import { EVERY_RESULT } from "./every_result.ts";

/** Everything in a result that looks like a window, wherever it stands. */
function windowsIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(windowsIn);
  return "latencyFrom" in value && "load" in value ? [value, ...inside] : inside;
}

for (const kind of RESULT_KINDS) {
  Deno.test(`windowsOf() enumerates every window of ${kind}, each once`, () => {
    for (const result of EVERY_RESULT[kind]) {
      const found = windowsOf({ [kind]: result });
      assert(found.every((window) => window.kind === kind));
      assertEquals(new Set(found.map(({ window }) => window as object)), new Set(windowsIn(result)));
      assertEquals(new Set(found.map(({ level }) => level)).size, found.length, "levels have names of their own");
    }
    assert(windowsOf({ [kind]: EVERY_RESULT[kind][0] }).length > 0);
  });
}

Deno.test("windowsOf() lists the windows of a run in the order of a report", () => {
  const tests = Object.fromEntries(RESULT_KINDS.map((kind) => [kind, EVERY_RESULT[kind][0]])) as TestResults;
  const order: ResultKind[] = windowsOf(tests).map(({ kind }) => kind);
  assertEquals(order, order.toSorted((a, b) => RESULT_KINDS.indexOf(a) - RESULT_KINDS.indexOf(b)));
  assertEquals(new Set(order), new Set(RESULT_KINDS));
  assertEquals(windowsOf({}), []);
});

Deno.test("the window that stands for a result is one of its windows", () => {
  for (const kind of RESULT_KINDS) {
    const { best, windows } = KINDS[kind] as Kind<TestResult>;
    for (const result of EVERY_RESULT[kind]) {
      const found = best?.(result) ?? null;
      if (found === null) continue;
      assert(windows(result).some(({ level, window }) => level === found.level && window === found.window), kind);
    }
  }
});

Deno.test("bestWindows() puts the kinds that are named first, then all others with such a window in a report's order", () => {
  const tests: TestResults = Object.assign({}, ...RESULT_KINDS.map((kind) => ({ [kind]: EVERY_RESULT[kind][0] })));
  const found = bestWindows(tests, ["load", "memory", "throughput"]);
  assertEquals(
    found.map(({ kind }) => kind),
    ["load", "throughput", "basic", "latency", "scalability", "prompts", "operating-points"],
  );
  for (const { spec, result, best } of found) assertEquals(best, spec.best!(result));
});

Deno.test("leadingWindow() takes the window that a report names first", () => {
  const tests: TestResults = Object.assign({}, ...RESULT_KINDS.map((kind) => ({ [kind]: EVERY_RESULT[kind][0] })));
  const led = (...kinds: readonly ResultKind[]) => {
    const some = Object.fromEntries(kinds.map((kind) => [kind, tests[kind]])) as TestResults;
    return leadingWindow(some)?.kind ?? null;
  };
  assertEquals(led(...RESULT_KINDS), "operating-points");
  assertEquals(led("basic", "scalability", "throughput"), "throughput");
  assertEquals(led("latency", "basic"), "basic");
  assertEquals(led("memory"), null);
});
