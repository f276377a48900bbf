import { assert, assertEquals } from "@std/assert";
import { gpuFacts } from "../../../../src/report/sections/window/gpu.ts";
import { basicResult } from "../../../results/kinds/basic_result.ts";
import { gpuUse } from "../../../results/window/gpu_use.ts";

Deno.test("gpuFacts() says whose memory it is where it is not told by process", () => {
  const textOf = (processBytes: number | null) => {
    const facts = gpuFacts(basicResult({ gpu: gpuUse({ usedBytes: 2 ** 30, processBytes }) }));
    assertEquals(facts[0]?.label, "GPU");
    return JSON.stringify(facts);
  };
  assert(textOf(null).includes(" of all programs"));
  assert(!textOf(2 ** 29).includes(" of all programs"));
});
