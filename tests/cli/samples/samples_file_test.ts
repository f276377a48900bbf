import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parse } from "csv-parse/sync";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import type { COLUMNS } from "../../../src/cli/samples/sample_format.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { OUTCOMES } from "../../../src/load/samples/row_block.ts";
import { KEPT_SAMPLES } from "../../../src/load/samples/sample_store.ts";
import type { LevelOptions } from "../../../src/measure/settings/options.ts";
import { summariseWindow } from "../../../src/measure/window/summarise_window.ts";
import type { Visit } from "../../../src/measure/window/visit.ts";
import { recordOf } from "../../../src/measure/window/visit_record.ts";
import { WindowFold } from "../../../src/measure/window/window_fold.ts";
import type { Report } from "../../../src/results/report.ts";
import type { TestResults } from "../../../src/results/result.ts";
import type { Window } from "../../../src/results/window/window.ts";
import { windowsOf } from "../../../src/results/windows.ts";
import { runAbTest } from "../../../src/test_types/ab.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { runThroughputTest } from "../../../src/test_types/throughput.ts";
import { SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { simulateTest } from "../../measure/simulation.ts";
import { scriptedRun } from "../../measure/window/scripted_run.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { calmUse } from "../../results/result_base.ts";
import { reportOf } from "../../report/report_of.ts";

async function inFolder<T>(body: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await body(`${folder}/samples.csv`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every figure of the windows that samples show is lost: what comes back was made of the rows. */
function withoutFigures(report: Report): Report {
  const lost = structuredClone(report);
  const nothing: Partial<Window> = {
    requests: 0,
    succeeded: 0,
    failed: 0,
    failuresByReason: {},
    latencyMs: null,
    firstByteMs: null,
    serverMs: null,
    requestsPerSecond: null,
    predictionsPerSecond: null,
    errorRate: null,
    durationMs: 0,
    cutRequests: 0,
  };
  for (const { window } of windowsOf(lost.tests)) Object.assign(window, nothing);
  return lost;
}

const jsonOf = (report: Report): unknown => JSON.parse(JSON.stringify(report));

/** Runs tests that tell a file of samples, and reads their report from it again. */
async function measuredAgain(run: (options: LevelOptions) => Promise<TestResults>) {
  return await inFolder(async (path) => {
    const file = new SamplesFile(path, { command: "test" });
    const report = reportOf(await run({ sampleLog: file }));
    assertEquals(await file.end(withoutFigures(report)), null);
    return { report, again: await loadResult(path), text: await Deno.readTextFile(path) };
  });
}

const failing = {
  fate: ({ index }: { index: number }) =>
    index % 50 === 49 ? { failure: "status" as const, afterMs: 3 } : { serviceMs: 8 },
};

Deno.test("a closed loop's samples give its figures again, and every attempt is a row", async () => {
  const { report, again, text } = await measuredAgain(async (options) => ({
    basic: await simulateTest(runBasicTest, { ...options, concurrency: 4, batchSize: 2 }, failing),
  }));
  assertEquals(jsonOf(again), jsonOf(report));
  const rows: Record<typeof COLUMNS[number], string>[] = parse(text, {
    columns: true,
    comment: "#",
    comment_no_infix: true,
  });
  const { requests, warmUpRequests, cancelled } = report.tests.basic!;
  assert(rows.length >= requests + warmUpRequests + cancelled);
  assertEquals(new Set(rows.map(({ test, load, visit }) => `${test} ${load} ${visit}`)), new Set(["basic 0 0"]));
  assert(rows.every(({ outcome }) => (OUTCOMES as string[]).includes(outcome)));
  assert(rows.every(({ sent_ms, ended_ms }) => Number(ended_ms) > Number(sent_ms)));
});

Deno.test("the samples of levels and of rates give their figures again", async () => {
  const { report, again } = await measuredAgain(async (options) => ({
    throughput: await simulateTest(runThroughputTest, { ...options, batchSizes: [1, 2, 4] }, failing),
    load: await simulateTest(runLoadTest, { ...options, rates: [40, 120], durationMs: 3000 }, failing),
  }));
  assertEquals(jsonOf(again), jsonOf(report));
});

Deno.test("the samples of two servers give the figures of each again, however long the first took to open", async () => {
  for (const openMs of [250, 500, 750]) {
    const { report, again } = await measuredAgain(async (options) => {
      const clock = new VirtualClock();
      const serverOf = (serviceMs: number) => simulatedTarget(new SimulatedServer(clock, () => ({ serviceMs })));
      const a = serverOf(5);
      const openTransport = () => {
        clock.work(openMs);
        return a.openTransport();
      };
      const targetA = { ...a, openTransport };
      return { ab: await clock.run(runAbTest(targetA, serverOf(9), { ...options, blocks: 3, clock })) };
    });
    assertEquals(jsonOf(again), jsonOf(report));
  }
});

Deno.test("the samples of a run that did not keep them all give its figures again", async () => {
  await inFolder(async (path) => {
    const file = new SamplesFile(path, {});
    const load = { kind: "closed", concurrency: 1, batchSize: 1 } as const;
    const fold = new WindowFold("sent");
    const record = file.begin("basic", load);
    const run = scriptedRun({ requests: 2 * KEPT_SAMPLES + 10, warmUpRequests: 500, fold, onAttempt: record });
    const client = { use: calmUse, cpuMsPerRequest: null, ceiling: null };
    const visit: Visit = { by: "basic", load, atMs: 5, run: { ...run, fold }, ...client, server: "not known" };
    file.ended(recordOf(visit));
    const { window } = summariseWindow(load, [visit]);
    const basic = { ...basicResult(), ...window };
    assertEquals(await file.end(withoutFigures(reportOf({ basic }))), null);
    assertEquals(jsonOf(await loadResult(path)), jsonOf(reportOf({ basic })));
  });
});

Deno.test({
  name: "a full disk ends the file, not the run, and is said",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const file = new SamplesFile("/dev/full", {});
    const basic = await simulateTest(runBasicTest, { sampleLog: file }, failing);
    assert(basic.succeeded > 0);
    assertStringIncludes((await file.end(reportOf({ basic })))!, "No space left");
  },
});

Deno.test({
  name: "what takes no samples any more is not waited for at the end, and is said",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (path) => {
      await new Deno.Command("mkfifo", { args: [path] }).output();
      const file = new SamplesFile(path, {});
      assertEquals(await file.end(null, 100), "nothing was written for 0.1 s");
      // The thread may wait for somebody who reads.
      (await Deno.open(path, { read: true, write: true })).close();
    }),
});

Deno.test("a file of samples that has a row that is none, or lacks one, is refused", async () => {
  await inFolder(async (path) => {
    const file = new SamplesFile(path, {});
    const basic = await simulateTest(runBasicTest, { sampleLog: file }, failing);
    await file.end(null);
    const text = await Deno.readTextFile(path);
    const end = `# report ${JSON.stringify(reportOf({ basic }))}\n`;
    await Deno.writeTextFile(path, `${text}basic,0,0,1,2\n${end}`);
    await assertRejects(() => loadResult(path), UsageError, `line ${text.split("\n").length}`);
    const rows = text.split("\n");
    rows.splice(rows.findIndex((row) => row.startsWith("basic,")), 1);
    await Deno.writeTextFile(path, rows.join("\n") + end);
    await assertRejects(() => loadResult(path), UsageError, "must have all of its rows");
  });
});
