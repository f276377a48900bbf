import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import { checkStreamed, checkStreamedGate } from "../../../src/measure/streams/check_streamed.ts";

Deno.test("checkStreamedGate() refuses a gate on what only streams have, before anything is measured", () => {
  const whole = { model: "m", protocol: { name: "kserve-v2" } };
  const gate = (text: string) => ({ objectives: parseObjectives(text) });
  for (
    const text of ["p99<1s,ttft_p95<300ms", "tpot_p50<40ms", "stall-p99<1s", "output>10tokens/s"]
  ) {
    const error = assertThrows(() => checkStreamedGate(whole, gate(text)), UsageError, "must be streamed", text);
    assertEquals(error.hint, "Leave it out of the gate, or name a language model.");
  }
  checkStreamedGate(whole, gate("p99<1s,goodput>5/s,ttfb-p95<1s"));
  checkStreamedGate(whole, null);
});

Deno.test("checkStreamed() refuses limits of streams where answers are not streamed, and no others", () => {
  const whole = { model: "m", protocol: { name: "kserve-v2" } };
  const refused: readonly Parameters<typeof checkStreamed>[1][] = [
    { goodput: "latency<1s,ttft<300ms" },
    { goodput: "stall<1s" },
    { objectives: "p95<1s,ttft-p95<300ms" },
    { objectives: "output>10tokens/s" },
  ];
  for (const options of refused) {
    assertThrows(() => checkStreamed(whole, options), UsageError, "must be streamed", JSON.stringify(options));
  }
  checkStreamed(whole, { goodput: "latency<1s,ttfb<1s", objectives: "p95<1s,ttfb-p95<1s,throughput>5/s" });
  const openStream = () => {
    throw new Error("not opened");
  };
  for (const options of refused) checkStreamed({ ...whole, protocol: { ...whole.protocol, openStream } }, options);
});

Deno.test("limits of what lies between tokens are refused where answers of one token are asked for", () => {
  const openStream = () => {
    throw new Error("not opened");
  };
  const asking = (outputTokens: number) => ({
    model: "m",
    protocol: { name: "openai", openStream, generation: { outputTokens } },
  });
  for (
    const options of [{ objectives: "ttft-p95<1s,tpot_p95<40ms" }, { goodput: "ttft<1s,stall<1s" }, {
      goodput: "gap<1s",
    }]
  ) {
    assertThrows(
      () => checkStreamed(asking(1), options),
      UsageError,
      "must have several tokens",
      JSON.stringify(options),
    );
    checkStreamed(asking(2), options);
  }
  assertThrows(
    () => checkStreamedGate(asking(1), { objectives: parseObjectives("tpot_p50<1s") }),
    UsageError,
    "several",
  );
  checkStreamed(asking(1), { objectives: "ttft-p95<1s,p95<2s", goodput: "ttft<1s,latency<1s" });
});
