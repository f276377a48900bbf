import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { AllOptions } from "../../../src/test_types/comprehensive.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import type { TestResults } from "../../../src/results/result.ts";
import { windowsOf } from "../../../src/results/windows.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../../src/test_types/throughput.ts";
import { simulateTest } from "../../measure/simulation.ts";
import { reportOf } from "../../report/report_of.ts";

const service = { fate: () => ({ serviceMs: 8 }) };

/** A run that was killed before it wrote its report, as it is read; and what it had found. */
async function killed(options: AllOptions, run: (options: AllOptions) => Promise<TestResults>, tear = "") {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/samples.csv`;
  try {
    const { target, environment, startedAt } = reportOf({});
    const file = new SamplesFile(path, { command: "test", startedAt, targets: [target], options, environment });
    const found = await run({ ...options, sampleLog: file });
    await file.end(null);
    await Deno.writeTextFile(path, tear, { append: true });
    return { found, read: await loadResult(path), environment, startedAt };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What rows show of windows. */
const shown = (tests: TestResults) =>
  windowsOf(tests).map((
    { kind, level, window: { requests, succeeded, latencyMs, requestsPerSecond, failuresByReason } },
  ) => ({
    kind,
    level,
    requests,
    succeeded,
    latencyMs,
    requestsPerSecond,
    failuresByReason,
  }));

const runs: Readonly<Record<string, readonly [AllOptions, (options: AllOptions) => Promise<TestResults>]>> = {
  basic: [{ concurrency: 2 }, async (options) => ({ basic: await simulateTest(runBasicTest, options, service) })],
  throughput: [{ batchSizes: [1, 2, 4] }, async (options) => ({
    throughput: await simulateTest(runThroughputTest, options, service),
  })],
  scalability: [{ levels: [1, 2, 4] }, async (options) => ({
    scalability: await simulateTest(runScalabilityTest, options, service),
  })],
  load: [{ rates: [40, 120], durationMs: 3000 }, async (options) => ({
    load: await simulateTest(runLoadTest, options, service),
  })],
};

for (const [kind, [options, run]] of Object.entries(runs)) {
  Deno.test(`the samples of a ${kind} test that was killed give what it had found, as of one that was interrupted`, async () => {
    const { found, read, environment, startedAt } = await killed(options, run, `${kind},0,9,1,`);
    assertEquals(shown(read.tests), shown(found));
    assertEquals([read.partial, read.startedAt, read.environment], ["interrupted", startedAt, environment]);
    assert(windowsOf(read.tests).length > 0);
    assertStringIncludes(formatText(read, { ascii: true }), "breaks off");
    assertStringIncludes(formatHtml(read), "</html>");
  });
}

Deno.test("samples that break off before a visit is whole are refused, and say so", async () => {
  await assertRejects(() => killed({}, () => Promise.resolve({})), UsageError, "it has no visit");
});
