import { assert, assertEquals } from "@std/assert";
import { runClosedLoop } from "../../../src/load/closed_loop.ts";
import { RunRequests } from "../../../src/load/requests/run_requests.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { FIRST_TOKEN_MS } from "./truth_answers.ts";
import { startTruthServer } from "./truth_server.ts";

/** Two at a time of a few answers of one model. */
async function ask(url: string, model: string, timeoutMs = 30_000) {
  // How a server counts is asked by an answer, which has to end: that of some models does not.
  const target = await connect(url, { model: "role", timeoutMs, generation: { outputTokens: 10 } });
  await using transport = target.openTransport();
  const requests = new RunRequests({ protocol: target.protocol, model, spec: target.description.input, seed: 1 });
  await requests.prepare([1]);
  const run = await runClosedLoop({
    transport,
    protocol: target.protocol,
    pool: requests.pool(1),
    asked: { model, predictions: 1, allowNullResults: false },
    timeoutMs,
    warmUpRequests: 0,
    durationMs: 60_000,
    requests: 4,
    concurrency: 2,
  });
  await target.close();
  return run;
}

Deno.test("streams over sockets: every answer has its counts, and no token before the server sent it", async () => {
  await using server = await startTruthServer();
  for (const model of ["role", "cut-up", "crlf"]) {
    const { samples, failureExamples } = await ask(server.url, model);
    assertEquals(failureExamples, {}, model);
    // What was on its way at the end was cut off.
    for (let i = 0; i < 4; i++) {
      assertEquals([samples.stream(i, "outputTokens"), samples.stream(i, "chunks")], [10, 10], model);
      const firstTokenMs = samples.stream(i, "firstTokenAt") - samples.sentAt(i);
      assert(firstTokenMs >= FIRST_TOKEN_MS - 1, `${model}: ${firstTokenMs}`);
      assert(samples.stream(i, "lastTokenAt") <= samples.endedAt(i), model);
    }
  }
});

Deno.test("streams over sockets: one that is cut or never ends says how far it came", async () => {
  await using server = await startTruthServer();
  assertEquals((await ask(server.url, "cut")).failureExamples, {
    closed: "connection closed before the end of the answer: after 5 chunks",
  });
  const { timeout = "" } = (await ask(server.url, "lasting", 500)).failureExamples;
  assert(timeout.startsWith("the whole answer did not come within 500 ms: after "), timeout);
});
