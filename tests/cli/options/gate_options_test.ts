import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { UsageError } from "../../../src/core/errors.ts";

const parse = (...argv: readonly string[]) => parseCommandLine(argv, () => undefined);

Deno.test("parseCommandLine() reads gate and baseline", () => {
  const command = parse("--test-type", "basic", "--gate", "p99<1s", "--baseline", "b.json", "--max-regression", "2.5%");
  assert(command.kind === "run");
  assertEquals(command.gate?.objectives.map(({ text }) => text), ["p99<1s"]);
  assertEquals(command.gate?.lenient, false);
  assertEquals(command.baseline, { path: "b.json", maxRegression: 0.025 });
  const usual = parse("--test-type", "comprehensive", "--baseline", "b.json", "--gate", "cold<9s", "--gate-lenient");
  assert(usual.kind === "run");
  assertEquals([usual.baseline?.maxRegression, usual.gate?.lenient], [0.05, true]);
});

Deno.test("parseCommandLine() takes a gate on goodput where it is said what that is", () => {
  const command = parse("--test-type", "basic", "--gate", "goodput>5/s", "--goodput", "latency<1s");
  assert(command.kind === "run");
  assertEquals(command.gate?.objectives.map(({ text }) => text), ["goodput>5/s"]);
  const searched = parse("--test-type", "load", "--slo", "goodput>95%,errors<1%", "--goodput", "latency<1s");
  assert(searched.kind === "run");
});

Deno.test("parseCommandLine() refuses a gate that nothing measures, and limits that belong to nothing", () => {
  const cases: [args: string, words: string][] = [
    ["--test-type basic --gate cold<5s", 'must be about what is measured here: found "cold"'],
    ["--test-type memory --gate p99<5s", "Known are growth, footprint, growth-gpu"],
    ["--gate p99<5", "must have a unit"],
    ["--test-type basic --gate goodput>5/s", "what a good request is must be given"],
    ["--test-type load --slo p99<5", "must have a unit"],
    ["--test-type load --slo cold<5s", 'found "cold"'],
    ["--test-type load --slo p99<1s,throughput>80/s", "under throughput>80/s as less load must help to keep it"],
    ["--test-type load --slo output>80tokens/s", "found that more load does"],
    ["--test-type load --slo goodput>80/s --goodput latency<1s", "found that more load does"],
    ["--test-type load --slo energy<1J", "found that more load does"],
    ["--test-type load --slo goodput>95%", "what a good request is must be given"],
    ["--gate-lenient", 'it must be with "--gate"'],
    ["--max-regression 5%", 'it must be with "--baseline"'],
    ["--baseline b.json --max-regression 5", "must be a percentage"],
    ["--baseline b.json --max-regression 100%", "must be a percentage"],
    ["--baseline b.json --max-regression -1%", "must be a percentage"],
  ];
  for (const [args, words] of cases) {
    const error = assertThrows(() => parse(...args.split(" ")), UsageError);
    assertStringIncludes(`${error.message} ${error.hint ?? ""}`, words);
  }
});
