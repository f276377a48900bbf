import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { run } from "./command.ts";
import { answer, openInference, PREDICTION } from "./open_inference_server.ts";

/** A server that answers four of five predictions with 500. */
function openFailing() {
  let asked = 0;
  return openInference(() => asked++ % 5 === 4 ? answer(PREDICTION) : answer({ error: "out of workers" }, 500));
}

Deno.test("a load test whose requests fail says so, sustains no rate and ends as a basic test does", async () => {
  await using server = await openFailing();
  const common = ["--url", server.url, "--model", "m", "--quick", "--duration", "2", "--warmup", "0"];
  const load = await run([...common, "--test-type", "load", "--rates", "30"]);
  const text = load.stdout.replaceAll(/\s+/g, " ");
  assertMatch(
    text,
    /(?:7[6-9]|8[0-4])\.\d% of the requests of the load test at offered rate 30 failed \(\d+ of \d+\): \d+ status \("/,
  );
  assertStringIncludes(text, "out of workers");
  assertStringIncludes(text, "Sustained Rate: none of those offered");
  assertMatch(text, /Fix the errors first/);
  const rows = load.stdout.split("\n").filter((line) => /Offered +30 .*latency/.test(line));
  assertEquals(rows.length, 1, load.stdout);
  assertNotMatch(rows[0]!, /⭐/);
  const basic = await run([...common, "--test-type", "basic", "--requests", "100"]);
  assertMatch(basic.stdout.replaceAll(/\s+/g, " "), /80\.0% of the requests of the basic test failed/);
  assertEquals([load.code, load.stderr], [basic.code, basic.stderr]);
  const gated = await run([...common, "--test-type", "load", "--rates", "30", "--gate", "errors<1%"]);
  assertEquals(gated.code, 1, gated.stderr);
});

Deno.test("a load test in which nothing succeeds ends with 3, as a basic test does", async () => {
  await using server = await openInference(answer({ error: "out of workers" }, 500));
  const common = ["--url", server.url, "--model", "m", "--quick", "--duration", "0.5", "--warmup", "0"];
  for (const test of [["load", "--rates", "30"], ["basic", "--requests", "20"]]) {
    const { code, stdout } = await run([...common, "--test-type", ...test]);
    assertEquals(code, 3, stdout);
    assertMatch(
      stdout.replaceAll(/\s+/g, " "),
      /100\.0% of the requests of the \w+ test(?: at offered rate 30)? failed/,
    );
  }
});
