import { assert, assertEquals } from "@std/assert";
import { gpuThrottled } from "../../../../src/analysis/gpu.ts";
import { column } from "../../../../src/report/sections/block.ts";
import { gpuFacts, gpuTable } from "../../../../src/report/sections/window/gpu.ts";
import { findingInWords } from "../../../../src/words/finding_in_words.ts";
import { throttledInWords } from "../../../../src/words/gpu/gpu_limit_in_words.ts";
import { plainText } from "../../../../src/words/inline.ts";
import { sentenceOf } from "../../../../src/words/statement.ts";
import { basicResult } from "../../../results/kinds/basic_result.ts";
import { gpuUse } from "../../../results/window/gpu_use.ts";

const SEEN = { absences: {} };

Deno.test("gpuFacts() says whose memory it is where it is not told by process", () => {
  const textOf = (processBytes: number | null) => {
    const facts = gpuFacts(SEEN, basicResult({ gpu: gpuUse({ usedBytes: 2 ** 30, processBytes }) }));
    assertEquals(facts[0]?.label, "GPU");
    return JSON.stringify(facts);
  };
  assert(textOf(null).includes(" of all programs"));
  assert(!textOf(2 ** 29).includes(" of all programs"));
});

Deno.test("gpuFacts() and gpuTable() say that figures are of all programs on the card where they may be of others", () => {
  for (const by of ["processes", "variables", "all"] as const) {
    const window = basicResult({ gpu: gpuUse({ by }) });
    const told = [gpuFacts(SEEN, window), gpuTable(SEEN, [column("Batch")], [[["1"], window]])].map((said) =>
      JSON.stringify(said)
    );
    assertEquals(told.map((said) => said.includes("of all programs on the card")), Array(2).fill(by !== "processes"));
  }
  const two = JSON.stringify(gpuFacts(SEEN, basicResult({ gpu: gpuUse({ by: "all", devices: [0, 1] }) })));
  assert(two.includes("devices 0, 1 by NVML, of all programs on the cards"), two);
});

Deno.test("gpuFacts() and gpuTable() say that energy was made from readings of power", () => {
  const window = basicResult({ gpu: gpuUse({ energyByPowerMs: 250.4 }) });
  assert(JSON.stringify(gpuFacts(SEEN, window)).includes("from power readings every"));
  assert(
    JSON.stringify(gpuTable(SEEN, [column("Batch")], [[["1"], window]])).includes("energy from power readings every"),
  );
  assert(!JSON.stringify(gpuFacts(SEEN, basicResult({ gpu: gpuUse() }))).includes("from power readings"));
});

Deno.test("gpuFacts() and gpuTable() say why a short window does not tell how busy the GPU was", () => {
  const absences = { "gpu.utilizationPercent": "the window was short" };
  const short = basicResult({ gpu: gpuUse({ utilizationPercent: null }) });
  const facts = JSON.stringify(gpuFacts({ absences }, short));
  assert(facts.includes('"GPU Busy"') && facts.includes("not measured: the window was short"), facts);
  assert(!facts.includes(" busy"), facts);
  const rows = [[["1"], short], [["4"], basicResult({ gpu: gpuUse() })]] as const;
  const table = JSON.stringify(gpuTable({ absences }, [column("Batch")], rows));
  assert(table.includes('"GPU Busy at Some Levels"') && table.includes("not measured: the window was short"), table);
  assert(!JSON.stringify(gpuTable(SEEN, [column("Batch")], rows)).includes("not measured"));
});

Deno.test("for how long and why a GPU was throttled reads the same in section, finding and bottleneck", () => {
  // Of a reason that was seen for a moment nobody is told.
  const gpu = gpuUse({ throttledShare: 0.3416, throttledBy: { power: 0.34, thermal: 0.002 } });
  const basic = basicResult({ gpu });
  const facts = JSON.stringify(gpuFacts(SEEN, basic));
  assert(facts.includes("throttled 34% (power)"), facts);
  const finding = plainText(sentenceOf(findingInWords(gpuThrottled("basic")({ basic })!)));
  assert(finding.includes("(34% of the time: power)"), finding);
  const load = { test: "basic", batchSize: 1, concurrency: 1, ratePerSecond: null, ...gpu } as const;
  const evidence = { gpu: load, throttledShare: 0.3416, throttledBy: gpu.throttledBy, temperatureCelsius: null };
  const bottleneck = plainText(throttledInWords(evidence));
  assert(bottleneck.includes("slowed down 34% of the time by its power limit"), bottleneck);
});
