import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare } from "../../src/compare/compare.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import type { ScalabilityResult } from "../../src/results/result.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { scalability } from "../plot/synthetic.ts";
import { streamedLoad, streamedScalability } from "../plot/streams/synthetic_streams.ts";
import { reportOf } from "../report/report_of.ts";

const startedAt = "2026-03-05T09:30:00.000Z";

Deno.test("compare() holds streamed sweeps against each other at each level: first token, output token, tokens a second", () => {
  const comparison = compare(
    reportOf({ scalability: streamedScalability() }),
    reportOf({ scalability: streamedScalability({ tokenMs: 3 }) }, { startedAt }),
  );
  const at = (name: string) => comparison.figures.find((figure) => figure.name === name)?.verdict;
  for (const concurrency of [1, 2, 4, 8, 16]) {
    assertEquals(at(`median time per output token, concurrency ${concurrency}`), "better");
    assertEquals(at(`output tokens, concurrency ${concurrency}`), "better");
    assertEquals(at(`p95 time to first token, concurrency ${concurrency}`), "no difference found");
  }
  const text = formatComparison(comparison, { width: 80 });
  assertStringIncludes(text, "output tokens, concurrency 16");
  assertEquals(text.split("\n").filter((line) => line.length > 80), []);
});

Deno.test("compare() holds streamed loads against each other, and leaves out what was not streamed", () => {
  const loads = compare(reportOf({ load: streamedLoad() }), reportOf({ load: streamedLoad() }, { startedAt }));
  const names = loads.figures.map(({ name }) => name);
  for (const name of ["p95 time to first token, offered rate 40", "median time per output token, offered rate 40"]) {
    assertEquals(names.includes(name), true, names.join());
  }
  const plain = (result: ScalabilityResult, at?: string) =>
    reportOf({ scalability: result }, at ? { startedAt: at } : {});
  const { figures } = compare(plain(scalability()), plain(scalability(), startedAt));
  assertEquals(figures.filter(({ name }) => /token/.test(name)), []);
});

Deno.test("compare() says first where answers differ in length, which makes requests and latencies differ", () => {
  const basic = (tokens: number) => basicResult({ outputTokens: distribution(tokens) });
  const differencesOf = (...[a, b]: [number, number]) =>
    compare(reportOf({ basic: basic(a) }), reportOf({ basic: basic(b) }, { startedAt })).differences
      .filter(({ severity }) => severity === "critical");
  assertEquals(differencesOf(512, 200), [
    { what: "length of answers", a: "512 tokens on average", b: "200 tokens on average", severity: "critical" },
  ]);
  assertEquals(differencesOf(512, 512), []);
});
