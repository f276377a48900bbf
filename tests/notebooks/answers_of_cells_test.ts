import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";

/** What a cell of a notebook shows where its names stand for these values. */
async function shownBy(name: string, id: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const { cells } = JSON.parse(await Deno.readTextFile(new URL(`../../notebooks/${name}.ipynb`, import.meta.url)));
  const { source } = cells.find((cell: { readonly id: string }) => cell.id === id);
  const code = `export default async (${["show", ...Object.keys(values)].join(", ")}) => {\n${source.join("")}\n};`;
  const cell = await import(`data:application/typescript;charset=utf-8,${encodeURIComponent(code)}`);
  const shown: string[] = [];
  await cell.default((text: string) => void shown.push(text), ...Object.values(values));
  return shown.join("\n");
}

Deno.test("02_cold_start tells the cold start where the run was stopped before its warm requests", async () => {
  const told = (overrides: Parameters<typeof latencyResult>[0]) =>
    shownBy("02_cold_start", "02-07", { latency: latencyResult(overrides) });
  const stopped = { warm: null, overheadMs: null, absences: { "warm.latencyMs": "the test ended before" } };
  assertEquals(await told(stopped), "A cold start takes 2370 ms; a warm answer is not known: the test ended before.");
  const none = { cold: null, overheadMs: null, absences: { cold: "the server offers none" } };
  assertEquals(await told(none), "No cold start could be had: the server offers none.");
  assertEquals(await told({}), "A cold start costs 2348 ms more than a warm answer, as much as 107 requests.");
});

Deno.test("03_batch_size promises no size that was cut short, or in which the server was lost", async () => {
  const { levels } = throughputResult();
  const fast = levels.map((level) => ({ ...level, latencyMs: { ...level.latencyMs!, p95: { value: 9 } } }));
  const told = (fields: object) =>
    shownBy("03_batch_size", "03-07", {
      throughput: { levels: fast.map((level) => level.batchSize === 8 ? { ...level, ...fields } : level) },
    });
  assertStringIncludes(await told({}), ": batch 8, ");
  for (const fields of [{ cutShort: true }, { lost: { atMs: 1, reason: "gone", failed: 1 } }]) {
    assertStringIncludes(await told(fields), ": batch 16, ");
  }
});

Deno.test("05_memory tells memory of the GPU first, in the unit that it names, and no footprint below 0", async () => {
  const told = (memory: ReturnType<typeof memoryResult>) => shownBy("05_memory", "05-07", { memory });
  const ofGpu = (await told(memoryResult(true))).split("\n");
  assertEquals(ofGpu[0], "Footprint of GPU memory: 908.0 MiB");
  assertMatch(ofGpu[1]!, /^Growth of GPU memory: stable, 0 bytes a request over 931 requests$/);
  assertEquals(ofGpu[3], "Footprint of host memory: 58.5 MiB");
  const ofHost = (await told(memoryResult(false, { modelFootprintBytes: -0.3 * 2 ** 20 }))).split("\n");
  assertEquals(ofHost[0], "Footprint: within the noise of nothing (-0.3 MiB)");
  assertEquals(ofHost[2], "Efficiency: 2.03 requests/s for each MiB");
});

Deno.test("08_streaming asks for answers of one length where the protocol can be asked for that", async () => {
  for (const protocol of ["openai", "ollama", "triton-generate"]) {
    let asked: boolean | undefined;
    const connect = (_url: string, options: { readonly generation: { readonly ignoreEos: boolean } }) => {
      asked = options.generation.ignoreEos;
      return { model: "m", url: "u", protocol: { name: protocol } };
    };
    const given = { connect, url: "u", model: "m", protocol, promptTokens: 8, outputTokens: 8 };
    await shownBy("08_streaming", "08-03", given);
    assertEquals(asked, protocol === "openai");
  }
});
