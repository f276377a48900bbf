import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { checkSameTarget, readBaseline } from "../../../src/cli/commands/baseline.ts";
import { saveResult } from "../../../src/cli/inputs/report_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Report } from "../../../src/results/report.ts";
import type { Target } from "../../../src/core/target.ts";
import { basicResult, measurement, scalabilityResult } from "../../report/builders.ts";
import { reportOf } from "../../report/report_of.ts";
import { run } from "../command.ts";

/** Runs a test with a results file. */
async function withFile(report: Report, test: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await saveResult(path, report);
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}

const whole = reportOf({ basic: basicResult(), scalability: scalabilityResult() });

Deno.test("readBaseline() takes what this run can be compared with, and refuses the rest before anything is measured", () =>
  withFile(whole, async (path) => {
    assertEquals((await readBaseline(path, ["basic"], {})).tests, whole.tests);
    const refused: [Parameters<typeof readBaseline>[1], Parameters<typeof readBaseline>[2], string][] = [
      [["memory"], {}, "it must hold a result of the memory test: it has none"],
      [["basic"], { concurrency: 8 }, "its basic test must have the same concurrency: it has 1, this run 8"],
      [["basic"], { batchSize: 4 }, "the same batch size: it has 1, this run 4"],
      [["basic"], { ratePerSecond: 20 }, "of the same kind"],
      [["scalability"], { batchSize: 2 }, "the same batch size: it has 1, this run 2"],
      [["load"], {}, "must have intervals"],
    ];
    for (const [kinds, options, words] of refused) {
      const error = await assertRejects(() => readBaseline(path, kinds, options), UsageError);
      assertStringIncludes(error.message, words);
      assertStringIncludes(error.message, path);
    }
  }));

Deno.test("readBaseline() says what is wrong with a file that is no results file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    for (
      const [text, words] of [["", "must be JSON"], [
        '{"schemaVersion": 7}',
        "schemaVersion must be 2: current value is 7",
      ]]
    ) {
      await Deno.writeTextFile(path, text!);
      const error = await assertRejects(() => readBaseline(path, ["basic"], {}), UsageError);
      assertStringIncludes(error.message, `Cannot read the results of "${path}" as `);
      assertStringIncludes(error.message, words!);
    }
  } finally {
    await Deno.remove(path);
  }
  const error = await assertRejects(() => readBaseline("/nonexistent.json", ["basic"], {}), UsageError);
  assertStringIncludes(error.message, "there is none");
});

Deno.test("checkSameTarget() refuses another model or protocol", async () => {
  const target = (model: string, protocol: string) => ({ model, protocol: { name: protocol } }) as Target;
  checkSameTarget(whole, "b.json", target("resnet18", "torch-inference"));
  for (
    const [model, protocol, words] of [["bert", "torch-inference", "model"], ["resnet18", "kserve-v2", "protocol"]]
  ) {
    const check = () => Promise.try(() => checkSameTarget(whole, "b.json", target(model!, protocol!)));
    const error = await assertRejects(check, UsageError);
    assertStringIncludes(error.message, `must be of the same ${words}`);
  }
});

const QUICK = ["--test-type", "basic", "--quick", "--duration", "0.5"];

Deno.test("the command ends with 1 where a gate is missed, and writes the results all the same", async () => {
  const { code, stdout, stderr } = await run([...QUICK, "--format", "json", "--gate", "throughput>1e6/s,errors<90%"]);
  assertEquals(code, 1, stderr);
  const { gate, tests } = JSON.parse(stdout);
  assertEquals(gate.outcomes.map(({ verdict }: { verdict: string }) => verdict), ["missed", "met"]);
  assertEquals(gate.outcomes[0].place, { test: "basic", batchSize: 1, concurrency: 1 });
  assertEquals(gate.outcomes[0].measured, tests.basic.requestsPerSecond);
  assertMatch(stderr, /GATE: FAILED[^]*throughput>1e6\/s: missed: .* req\/s/);
  assertStringIncludes(stderr, "The gate failed: throughput>1e6/s missed.");
});

Deno.test("the command ends with 0 where a gate is kept, and shows it once", async () => {
  const { code, stdout, stderr } = await run([...QUICK, "--gate", "errors<90%"]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "GATE: PASSED");
  assertEquals(stderr.includes("GATE"), false, stderr);
});

const fast = basicResult({ ...measurement(1e6, 1, 1) });
const slow = basicResult({ ...measurement(0.01, 1, 1) });
for (const [words, basic, code] of [["faster", fast, 1], ["slower", slow, 0]] as const) {
  Deno.test(`the command ends with ${code} where the baseline is ${words}`, () => {
    const baseline = reportOf({ basic });
    return withFile({ ...baseline, target: { ...baseline.target, model: "mobilenet_v2" } }, async (path) => {
      const { code: found, stdout, stderr } = await run([...QUICK, "--baseline", path]);
      assertEquals(found, code, stderr);
      assertStringIncludes(stdout, `BASELINE: ${code === 0 ? "PASSED" : "FAILED"}`);
      if (code === 1) assertStringIncludes(stderr, "The baseline was not kept: basic: throughput");
    });
  });
}

Deno.test("the command ends with 2 for a baseline of another model, without results", () =>
  withFile(whole, async (path) => {
    const { code, stdout, stderr } = await run([...QUICK, "--baseline", path]);
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, 'it is of "resnet18", this run of "mobilenet_v2"');
  }));
