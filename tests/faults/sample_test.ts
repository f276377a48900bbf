/**
 * A sample of the matrix of faults: of every kind some modes with the basic test, and a few with the others.
 * `deno task dev:faults` runs all of it.
 */
import { assertEquals } from "@std/assert";
import { runMatrix } from "./matrix/matrix_results.ts";
import { cellOf } from "./matrix/run_cell.ts";
import { modeNamed } from "./modes.ts";
import type { TestType } from "./test_types.ts";

const WITH_BASIC = `
  nobody-listens plain-where-tls-is-asked expired accept-and-reset
  garbage-one-in-five endless-headers escapes-in-reason-phrase redirect-loop
  two-lengths too-short-one-in-five no-last-chunk-and-close one-byte-chunks
  empty-body gzip-that-is-none
  never-answers-one-in-twenty two-speeds
  nested-within-answer error-in-200-one-in-five wrong-model nan-in-data server-time-negative
  status-503-retry-after status-500-one-in-five
  resets-in-body-one-in-five says-close-and-closes
  dies-after-30 list-in-escapes metadata-hangs
`;
const WITH_OTHERS: readonly (readonly [string, TestType])[] = [
  ["json-cut-one-in-five", "latency"],
  ["status-500-one-in-five", "throughput"],
  ["resets-in-body-one-in-five", "scalability"],
  ["status-400", "memory"],
  ["stream-stops-one-in-five", "prompts"],
  ["status-500-one-in-five", "load"],
  ["status-401", "comprehensive"],
];

Deno.test("the command fails well against servers that misbehave", { ignore: Deno.build.os !== "linux" }, async () => {
  const basic = WITH_BASIC.trim().split(/\s+/).map((name) => cellOf(modeNamed(name), "basic"));
  const others = WITH_OTHERS.map(([name, testType]) => cellOf(modeNamed(name), testType));
  const { cells } = await runMatrix([...basic, ...others], { jobs: navigator.hardwareConcurrency });
  assertEquals(
    cells.filter(({ flaws }) => flaws.length > 0).map(({ mode, testType, flaws }) => ({ mode, testType, flaws })),
    [],
  );
});
