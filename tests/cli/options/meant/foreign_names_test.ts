import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../../../src/cli/options/command_line.ts";
import { OPTIONS } from "../../../../src/cli/options/options.ts";
import { UsageError } from "../../../../src/core/errors.ts";

/** What is said to somebody who writes this. */
function hintOf(...argv: string[]): string {
  const error = assertThrows(() => parseCommandLine(argv, () => undefined), UsageError);
  assert(!error.message.includes("SECRET") && !String(error.hint).includes("SECRET"), error.message);
  return String(error.hint);
}

Deno.test("parseCommandLine() knows what users of other programs write", () => {
  const rows: [whose: string, argv: string[], hints: string[]][] = [
    ["wrk", ["-c", "100"], ["--concurrency"]],
    ["wrk", ["-c100"], ["--concurrency"]],
    ["wrk", ["-d10s"], ["--duration"]],
    ["wrk", ["-t12"], ["--workers"]],
    ["hey", ["-z", "10s"], ["--duration"]],
    ["hey", ["-n", "200"], ["--requests"]],
    ["hey", ["-q", "5"], ["--rate"]],
    ["hey", ["-H", "Authorization: SECRET"], ["--header"]],
    ["curl", ["-HAuthorization:SECRET"], ["--header"]],
    ["curl", ["-k"], ["--insecure"]],
    ["k6", ["--vus", "10"], ["--concurrency"]],
    ["k6", ["--iterations", "10"], ["--requests"]],
    ["k6", ["--stage", "5s:10"], ["--ramp"]],
    ["Locust", ["--host", "http://h"], ["--url"]],
    ["Locust", ["--users", "9"], ["--concurrency"]],
    ["Locust", ["--run-time", "1m"], ["--duration"]],
    ["Locust", ["--html", "a.html"], ["--report"]],
    ["perf_analyzer", ["-u", "h:8000"], ["--url"]],
    ["perf_analyzer", ["-m", "bert"], ["--model"]],
    ["perf_analyzer", ["--concurrency-range", "1:8"], ["deno task scalability", "--levels"]],
    ["perf_analyzer", ["--request-rate-range", "10:80"], ["deno task load", "--rates"]],
    ["perf_analyzer", ["--percentile=95"], ["--gate"]],
    ["perf_analyzer", ["--shape", "a:3"], ["--input-shape"]],
    ["AIPerf", ["--request-count", "9"], ["--requests"]],
    ["GuideLLM", ["--target", "http://h"], ["--url"]],
    ["GuideLLM", ["--max-seconds", "9"], ["--duration"]],
    ["vegeta", ["-rate=10"], ["--rate"]],
    ["a URL alone", ["http://me:SECRET@h:1"], ["--url"]],
    ["a test alone", ["bacis"], ["--test-type basic", "deno task basic"]],
    ["another test", ["--test-type", "bacis"], ["basic"]],
    ["another name of one", ["--test-type", "stress"], ["load"]],
    ["swapped letters", ["--modle", "x"], ["--model"]],
    ["swapped letters", ["--ulr", "x"], ["--url"]],
    ["another case", ["--batchSize", "2"], ["--batch-size"]],
    ["format", ["--format", "markdown"], ["--format md"]],
    ["format", ["--format", "html"], ["--report"]],
    ["protocol", ["--protocol", "triton"], ["kserve-v2"]],
    ["help alone", ["--all"], ["--help"]],
    ["a command", ["list-models"], ["--list-models"]],
  ];
  for (const [whose, argv, hints] of rows) {
    for (const hint of hints) assertStringIncludes(hintOf(...argv), hint, `${whose}: ${argv.join(" ")}`);
  }
});

Deno.test("parseCommandLine() proposes only options that there are", () => {
  const names = OPTIONS.map(({ name }) => name);
  const letters = [..."abcdefgijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (const letter of letters) {
    const proposed = [...hintOf(`-${letter}`, "1").matchAll(/--([a-z-]+[a-z])/g)].map(([, name]) => name!);
    assertEquals(proposed.filter((name) => !names.includes(name)), []);
  }
});
