import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";

const QUICK = ["--test-type", "basic", "--quick", "--duration", "0.5"];

Deno.test("the command ends with 1 where a gate is missed, and writes the results all the same", async () => {
  // So slow that the client is not the limit, however busy the machine is.
  await using server = await openInference(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return answer(PREDICTION);
  });
  const command = [...QUICK, "--url", server.url, "--format", "json", "--gate", "throughput>1e6/s,errors<90%"];
  const { code, stdout, stderr } = await run(command);
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
