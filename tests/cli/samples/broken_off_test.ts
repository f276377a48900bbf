import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { shownSettings } from "../../../src/cli/options/setting_options.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { SampleLog } from "../../../src/measure/sample_log.ts";
import type { Visit } from "../../../src/measure/window/visit.ts";
import type { AllOptions } from "../../../src/test_types/comprehensive.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import type { TestResults } from "../../../src/results/result.ts";
import { windowsOf } from "../../../src/results/windows.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../../src/test_types/throughput.ts";
import { openVirtualStreams } from "../../calibration/streams/virtual_streams.ts";
import { simulateTest } from "../../measure/simulation.ts";
import { reportOf } from "../../report/report_of.ts";

const service = { fate: () => ({ serviceMs: 8 }) };

/** A run that was killed before it wrote its report, as it is read; and what it had found. */
async function killed(
  asked: AllOptions,
  run: (options: AllOptions) => Promise<TestResults>,
  { tear = "", written = (visit: Visit): object => visit } = {},
) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/samples.csv`;
  try {
    const { target, environment, startedAt } = reportOf({});
    const options = shownSettings(asked);
    const record = { command: "test", startedAt, targets: [target], options, environment, saysWhatCounts: true };
    const file = new SamplesFile(path, record, true);
    const sampleLog: SampleLog = {
      begin: (...of) => file.begin(...of),
      ended: (visit) => file.ended(written(visit as Visit)),
      counts: (visit, does) => file.counts({ ...visit, ...written(visit as Visit) }, does),
    };
    const found = await run({ ...asked, sampleLog });
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

const loadOf = async (options: AllOptions) => ({ load: await simulateTest(runLoadTest, options, service) });

/** A basic test of answers that come token by token. */
async function streamed(options: AllOptions) {
  const { clock, target } = openVirtualStreams(
    { firstMs: 20, firstVariation: 0.3, tokenMs: 5, tokenVariation: 0.3, tokens: [5, 20] },
    1,
  );
  return { basic: await clock.run(runBasicTest(target, { ...options, clock })) };
}

const runs: Readonly<Record<string, readonly [AllOptions, (options: AllOptions) => Promise<TestResults>]>> = {
  basic: [{ concurrency: 2 }, async (options) => ({ basic: await simulateTest(runBasicTest, options, service) })],
  throughput: [{ batchSizes: [1, 2, 4] }, async (options) => ({
    throughput: await simulateTest(runThroughputTest, options, service),
  })],
  scalability: [{ levels: [1, 2, 4] }, async (options) => ({
    scalability: await simulateTest(runScalabilityTest, options, service),
  })],
  load: [{ rates: [40, 120], durationMs: 3000 }, loadOf],
  capacity: [{ rates: [20, 40], objectives: "p95<30ms", durationMs: 2000, quick: true }, async (options) => ({
    load: await simulateTest(runLoadTest, options, { ...service, workers: 1 }),
  })],
  cold: [{ durationMs: 4000 }, async (options) => ({
    basic: await simulateTest(runBasicTest, options, { fate: ({ index }) => ({ serviceMs: index < 450 ? 8 : 4 }) }),
  })],
  ramp: [{ ramp: { fromPerSecond: 20, toPerSecond: 90 }, durationMs: 3000 }, loadOf],
  trace: [{ traceMs: Array.from({ length: 200 }, (_, i) => 10 * i) }, loadOf],
  sequence: [
    { parameters: { seed: 2n ** 60n }, sequence: true, sequenceLength: 4, priority: 1 },
    async (options) => ({
      basic: await simulateTest(runBasicTest, options, { ...service, capabilities: () => ({ takesParameters: true }) }),
    }),
  ],
  streamed: [{ goodput: "ttft<25ms,tpot<6ms", concurrency: 2 }, streamed],
};

for (const [kind, [options, run]] of Object.entries(runs)) {
  Deno.test(`the samples of a ${kind} run that was killed give what it had found, as of one that was interrupted`, async () => {
    const { found, read, environment, startedAt } = await killed(options, run, { tear: `${kind},0,9,1,` });
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

Deno.test("streamed answers of samples that break off are shown in time, as the run would have", async () => {
  const { found, read } = await killed({}, streamed);
  const { answers, goodput } = read.tests.basic!;
  assert(answers!.length > 0);
  assertEquals([answers, goodput], [found.basic!.answers, found.basic!.goodput]);
});

Deno.test("a test whose samples cannot be read does not take those of the others with it", async () => {
  const { read } = await killed(
    { batchSizes: [1, 4], ratePerSecond: 50 },
    async (options) => ({
      basic: await simulateTest(runBasicTest, options, service),
      throughput: await simulateTest(runThroughputTest, options, service),
    }),
    { written: (visit) => visit.by === "basic" ? { ...visit, server: null } : visit },
  );
  assertEquals(Object.keys(read.tests), ["throughput"]);
  assertEquals(read.tests.throughput!.levels.length, 2);
  assert(read.warnings.some((warning) => warning.startsWith("The samples of the test basic cannot be read: ")));
});

Deno.test("a test that was begun late in a run whose samples break off takes as long as its own visits", async () => {
  const written = (visit: Visit) => ({ ...visit, atMs: visit.atMs + 60_000 });
  const { found, read } = await killed(...runs["basic"]!, { written });
  const { elapsedMs } = read.tests.basic!;
  assert(elapsedMs > 0 && elapsedMs <= found.basic!.elapsedMs, `${elapsedMs} ms`);
  assert(read.durationMs > 60_000);
});
