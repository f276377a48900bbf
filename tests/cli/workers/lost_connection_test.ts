import { assertEquals, assertGreater } from "@std/assert";
import { httpAnswer, type RawConnection, startRawServer } from "../../wire/raw_server.ts";
import { run } from "../command.ts";

const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });
const ANSWERS: Readonly<Record<string, unknown>> = {
  "GET /v2": { name: "server", version: "1", extensions: [] },
  "GET /v2/health/ready": {},
  "GET /v2/models/m": { name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] },
  "GET /v2/models/m/ready": {},
  "POST /v2/repository/index": [{ name: "m", state: "READY" }],
  "POST /v2/models/m/infer": { model_name: "m", outputs: [{ ...tensor("y", [1, 1]), data: [0.5] }] },
};
/** Behind the warm-up, which takes a second at most. */
const QUICK_REQUESTS = 400;
const QUICK_MS = 20;
/** Longer than nothing but failed connections may come. */
const BREAKS_MS = 3300;
const SLOW_MS = 3900;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("a thread whose connection broke behind a long silence goes on, as the server is there", async () => {
  let requests = 0, brokenAt = Infinity, sentSince = 0;
  const infer = async (connection: RawConnection, answer: string) => {
    const index = requests++;
    if (performance.now() > brokenAt) sentSince++;
    if (index === QUICK_REQUESTS) {
      await sleep(BREAKS_MS);
      brokenAt = performance.now();
      return connection.destroy();
    }
    await sleep(index < QUICK_REQUESTS ? QUICK_MS : SLOW_MS);
    await connection.write(answer);
  };
  await using server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      const answer = ANSWERS[`${request.method} ${request.path}`];
      const bytes = httpAnswer(JSON.stringify(answer ?? {}), answer === undefined ? 404 : 200, [
        "content-type: application/json",
      ]);
      if (request.path.endsWith("/infer")) await infer(connection, bytes);
      else await connection.write(bytes);
    }
  });
  const load = ["--concurrency", "4", "--workers", "2", "--duration", "6"];
  const path = await Deno.makeTempFile({ suffix: ".json" });
  const { stderr } = await run(["--test-type", "basic", "--url", server.url, ...load, "--output", path]);
  const { tests: { basic } } = JSON.parse(await Deno.readTextFile(path));
  await Deno.remove(path);
  assertEquals([basic.requests - basic.succeeded, Object.keys(basic.failuresByReason)], [1, ["closed"]], stderr);
  assertGreater(sentSince, 3, "each of the four lanes sends again");
});
