import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { checkSameTarget, readBaseline } from "../../../src/cli/commands/baseline.ts";
import { saveResult } from "../../../src/cli/inputs/report_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { tracePattern } from "../../../src/measure/window/arrivals_of.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import type { Report } from "../../../src/results/report.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { measurement, openWindow } from "../../results/window/windows.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { reportOf } from "../../report/report_of.ts";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";

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

const whole = reportOf({
  basic: basicResult(),
  latency: latencyResult(),
  throughput: throughputResult(),
  scalability: scalabilityResult(),
});

Deno.test("readBaseline() takes what this run can be compared with, and refuses the rest before anything is measured", () =>
  withFile(whole, async (path) => {
    assertEquals((await readBaseline(path, ["basic"], {})).tests, whole.tests);
    const refused: [Parameters<typeof readBaseline>[1], Parameters<typeof readBaseline>[2], string][] = [
      [["memory"], {}, "it must hold a result of the memory test: it has none"],
      [["basic"], { concurrency: 8 }, "its basic test must have the same concurrency: it has 1, this run 8"],
      [["basic"], { batchSize: 4 }, "the same batch size: it has 1, this run 4"],
      [["basic"], { ratePerSecond: 20 }, "of the same kind"],
      [["scalability"], { batchSize: 2 }, "the same batch size: it has 1, this run 2"],
      [["latency"], { batchSize: 2 }, "its latency test must have the same batch size: it has 1, this run 2"],
      [["throughput"], { concurrency: 2 }, "its throughput test must have the same concurrency: it has 1, this run 2"],
      [["load"], {}, "it must hold a result of the load test: it has none"],
    ];
    for (const [kinds, options, words] of refused) {
      const error = await assertRejects(() => readBaseline(path, kinds, options), UsageError);
      assertStringIncludes(error.message, words);
      assertStringIncludes(error.message, path);
    }
  }));

/** A basic test and a load test of an open loop, as they were asked for: what came out is another rate. */
const open = reportOf({
  basic: basicResult({ ...openWindow(50.3), concurrency: null }),
  load: loadResult({ levels: [openWindow(20.4), openWindow(39.8)] }),
});

Deno.test("readBaseline() tells loads of an open loop by what was asked, not by what came out", () =>
  withFile(open, async (path) => {
    const taken: [Parameters<typeof readBaseline>[1], Parameters<typeof readBaseline>[2]][] = [
      [["basic"], { ratePerSecond: 50 }],
      [["load"], { rates: [20, 40] }],
      [["load"], { rates: [40, 80] }],
    ];
    for (const [kinds, options] of taken) assertEquals((await readBaseline(path, kinds, options)).tests, open.tests);
    const has = "it has poisson arrivals, 20 req/s offered and poisson arrivals, 40 req/s offered, this run";
    const refused: [Parameters<typeof readBaseline>[1], Parameters<typeof readBaseline>[2], string][] = [
      [["basic"], {}, "of the same kind: only one has a --rate"],
      [
        ["basic"],
        { ratePerSecond: 60 },
        "it has poisson arrivals, 50 req/s offered, this run poisson arrivals, 60 req/s",
      ],
      [["basic"], { ratePerSecond: 50, arrivals: "constant" }, "this run constant arrivals, 50 req/s offered"],
      [["basic"], { ratePerSecond: 50, batchSize: 2 }, "the same batch size: it has 1, this run 2"],
      [["basic"], { ratePerSecond: 50, maxConnections: 8 }, "number of connections: it has 512, this run 8"],
      [["load"], {}, "give them with --rates"],
      [["load"], { rates: [30] }, `the same load: ${has} poisson arrivals, 30 req/s offered`],
      [["load"], { rates: [30, 60] }, "one of the same loads"],
      [["load"], { rates: [20], burst: 5, arrivals: "constant" }, "this run arrivals in bursts of 5, 20 req/s offered"],
      [["load"], { ramp: { fromPerSecond: 10, toPerSecond: 30 } }, "this run a ramp from 10 to 30 req/s"],
      [["load"], { traceMs: [1, 2] }, "this run a trace of 2 requests ("],
    ];
    for (const [kinds, options, words] of refused) {
      const error = await assertRejects(() => readBaseline(path, kinds, options), UsageError);
      assertStringIncludes(error.message, words);
    }
  }));

Deno.test("readBaseline() tells a trace from another of as many requests", () => {
  const window = openWindow(50, {
    load: { kind: "open", arrivals: tracePattern([7, 10, 30]), maxConnections: 512, batchSize: 1 },
  });
  return withFile(reportOf({ load: loadResult({ levels: [window] }) }), async (path) => {
    await readBaseline(path, ["load"], { traceMs: [0, 3, 23] });
    const error = await assertRejects(() => readBaseline(path, ["load"], { traceMs: [0, 4, 23] }), UsageError);
    assertMatch(error.message, /it has a trace of 3 requests \((\w+)\), this run a trace of 3 requests \((?!\1)\w+\)/);
  });
});

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

Deno.test("checkSameTarget() refuses another model or protocol, and other prompts and answers", async () => {
  const target = (model: string, protocol: string) => ({ ...whole.target, model, protocol });
  checkSameTarget(whole, "b.json", target("resnet18", "torch-inference"));
  for (
    const [model, protocol, words] of [["bert", "torch-inference", "model"], ["resnet18", "kserve-v2", "protocol"]]
  ) {
    const check = () => Promise.try(() => checkSameTarget(whole, "b.json", target(model!, protocol!)));
    const error = await assertRejects(check, UsageError);
    assertStringIncludes(error.message, `must be of the same ${words}`);
  }
  const generation = { endpoint: "chat", outputTokens: { mean: 32, least: 32, most: 32 } } as const;
  const asked = { ...whole, target: { ...whole.target, generation } };
  checkSameTarget(asked, "b.json", asked.target);
  checkSameTarget(whole, "b.json", asked.target);
  const longer = { ...asked.target, generation: { ...generation, outputTokens: { mean: 512, least: 512, most: 512 } } };
  const error = await assertRejects(() => Promise.try(() => checkSameTarget(asked, "b.json", longer)), UsageError);
  assertStringIncludes(error.message, "must be of the same output tokens");
});

const QUICK = ["--test-type", "basic", "--quick", "--duration", "0.5"];

/**
 * Times of the server, in turn, ms. They alternate so that whether a request is slower than the median does not depend on
 * how busy the machine was at the time: its interval, and so the verdict, are then the same in each run.
 */
const DELAYS_MS = [5, 15];
const REQUESTS = ["--test-type", "basic", "--requests", "100", "--duration", "60"];
const fast = basicResult({ ...measurement(1e6, 1, 1) });
const slow = basicResult({ ...measurement(0.01, 1, 1) });

for (const [words, basic, code] of [["faster", fast, 1], ["slower", slow, 0]] as const) {
  Deno.test(`the command ends with ${code} where the baseline is ${words}`, async () => {
    let requests = 0;
    await using server = await openInference(async () => {
      await new Promise((resolve) => setTimeout(resolve, DELAYS_MS[requests++ % DELAYS_MS.length]));
      return answer(PREDICTION);
    });
    const baseline = reportOf({ basic });
    const target = { ...baseline.target, model: "m", protocol: "kserve-v2" };
    await withFile({ ...baseline, target }, async (path) => {
      const { code: found, stdout, stderr } = await run([...REQUESTS, "--url", server.url, "--baseline", path]);
      assertEquals(found, code, stderr);
      assertStringIncludes(stdout, `BASELINE: ${code === 0 ? "PASSED" : "FAILED"}`);
      if (code === 1) assertMatch(stderr, /The baseline was not kept: basic: .*median latency/);
    });
  });
}

Deno.test("the command ends with 2 for a baseline of another model, without results", () =>
  withFile(whole, async (path) => {
    const { code, stdout, stderr } = await run([...QUICK, "--baseline", path]);
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, 'it is of "resnet18", this run of "mobilenet_v2"');
  }));

/** Rates that a busy client can send too: the open loops that a user holds against themselves, the same command twice. */
const OPEN:
  readonly (readonly [test: string, rates: readonly string[], others: readonly string[], compared: string])[] = [
    ["basic", ["--rate", "20"], ["--rate", "30"], "p95 latency"],
    ["load", ["--rates", "10,20"], ["--rates", "15"], "p95 latency, offered rate 20"],
  ];

for (const [test, rates, others, compared] of OPEN) {
  Deno.test(`two runs of ${test} ${rates.join(" ")} compare, and another rate is refused before it is measured`, async () => {
    await using server = await openInference(answer(PREDICTION));
    const folder = await Deno.makeTempDir();
    const path = `${folder}/baseline.json`;
    const common = ["--test-type", test, "--url", server.url, "--model", "m", "--quick", "--duration", "1"];
    try {
      const first = await run([...common, ...rates, "--output", path, "--format", "json"]);
      assertEquals(first.code, 0, first.stderr);
      const again = await run([...common, ...rates, "--format", "json", "--baseline", path]);
      const { baseline } = parseReport(again.stdout);
      const { figures, incomparable } = baseline!.comparison;
      assertEquals(incomparable, []);
      const figure = figures.find(({ name }) => name === compared);
      assert(figure !== undefined && figure.a !== null && figure.b !== null, figures.map(({ name }) => name).join());
      const refused = await run([...common, ...others, "--baseline", path]);
      assertEquals([refused.code, refused.stdout], [2, ""]);
      assertMatch(
        refused.stderr,
        /must have offered the same load: it has poisson arrivals, \d0 req\/s offered.*, this run/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
