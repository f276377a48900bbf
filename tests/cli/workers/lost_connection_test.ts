import { assertEquals, assertGreater } from "@std/assert";
import { httpAnswer, type RawConnection, startRawServer } from "../../wire/raw_server.ts";
import { run } from "../command.ts";
import { INFERENCE_ANSWERS } from "./inference_answers.ts";

/** Behind the warm-up, which takes a second at most. */
const QUICK_REQUESTS = 300;
const QUICK_MS = 20;
/** Longer than nothing but failed connections may come. */
const BREAKS_MS = 3300;
const SLOW_MS = 3900;

/** One thread's connections break behind an answer so often. */
const BREAKS_EVERY = 20;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a basic test of two threads against a server that answers a prediction so; gives its result and what was printed. */
async function measured(
  infer: (connection: RawConnection, answer: (status: number) => string) => Promise<void>,
  args: readonly string[],
) {
  await using server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      const answer = INFERENCE_ANSWERS[`${request.method} ${request.path}`];
      const bytes = (status: number) =>
        httpAnswer(JSON.stringify(answer ?? {}), status, ["content-type: application/json"]);
      if (request.path.endsWith("/infer")) await infer(connection, bytes);
      else await connection.write(bytes(answer === undefined ? 404 : 200));
    }
  });
  const path = await Deno.makeTempFile({ suffix: ".json" });
  const load = ["--test-type", "basic", "--workers", "2", ...args];
  const { stderr } = await run([...load, "--url", server.url, "--output", path]);
  const { tests: { basic } } = JSON.parse(await Deno.readTextFile(path));
  await Deno.remove(path);
  return { basic, stderr };
}

Deno.test("threads tell how many requests they sent once more", async () => {
  let requests = 0;
  const { basic, stderr } = await measured(async (connection, answer) => {
    const breaks = ++requests % BREAKS_EVERY === 0;
    await connection.write(answer(breaks ? 500 : 200));
    if (!breaks) return;
    await connection.read();
    connection.reset(); // it looks as if that request had not been read
  }, ["--concurrency", "2", "--requests", "200"]);
  assertEquals(Object.keys(basic.failuresByReason), ["status"], stderr);
  assertGreater(basic.resentRequests, 5);
});

Deno.test("a thread whose connection broke behind a long silence goes on, as the server is there", async () => {
  let requests = 0, brokenAt = Infinity, sentSince = 0;
  const { basic, stderr } = await measured(async (connection, answer) => {
    const index = requests++;
    if (performance.now() > brokenAt) sentSince++;
    if (index === QUICK_REQUESTS) {
      await sleep(BREAKS_MS);
      brokenAt = performance.now();
      return connection.destroy();
    }
    await sleep(index < QUICK_REQUESTS ? QUICK_MS : SLOW_MS);
    await connection.write(answer(200));
  }, ["--concurrency", "4", "--duration", "8"]);
  assertEquals([basic.requests - basic.succeeded, Object.keys(basic.failuresByReason)], [1, ["closed"]], stderr);
  assertGreater(sentSince, 3, "each of the four lanes sends again");
});
