import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import type { ServerTime } from "../../src/results/result.ts";
import { bottleneckInWords } from "../../src/words/bottleneck_in_words.ts";
import { plainText } from "../../src/words/inline.ts";
import { sentenceOf } from "../../src/words/statement.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";

const counted = (restMs: number | null, queueMs = 0): ServerTime => ({
  requests: 100,
  queueMs,
  computeMs: 50,
  executions: null,
  meanBatch: null,
  restMs,
});
const basic = (server: ServerTime) => basicResult({ latencyMs: distribution(100), serverMs: null, server });

Deno.test("bottlenecks() takes the server's time from its counters where the server's answers do not tell it", () => {
  const [compute] = bottlenecks({ basic: basic(counted(10)), throughput: throughputResult() }, { device: "cpu" });
  assert(compute?.bottleneck === "compute" && "serverShare" in compute.evidence);
  assertEquals(compute.evidence.serverShare, 0.9);
  assertEquals(compute.evidence.serverMs.low, null);
  const [transfer] = bottlenecks({ basic: basic(counted(60)) });
  assertEquals(transfer?.bottleneck, "transfer");
  const [unknown] = bottlenecks({ basic: basic(counted(null)) });
  assert(unknown?.bottleneck === "unknown");
  assert(unknown.evidence.missing.includes("server-time"));
});

Deno.test("bottlenecks() tells how long requests wait in the server's queue, if it counts that", () => {
  const flat = scalabilityResult({ 1: 45, 8: 45 });
  const levels = flat.levels.map((level) => ({
    ...level,
    latencyMs: distribution(20 * level.concurrency),
    server: counted(1, 20 * (level.concurrency - 1)),
  }));
  const [queueing] = bottlenecks({ scalability: { ...flat, levels } });
  assert(queueing?.bottleneck === "queueing");
  assertEquals(queueing.evidence.queueMs, 140);
  assertStringIncludes(plainText(sentenceOf(bottleneckInWords(queueing))), "140 ms each in the server's own queue");
});
