/** What users' servers do wrong, and what the command says of it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { run } from "./command.ts";
import { answer, openInference, PREDICTION, startServer, tensor } from "./open_inference_server.ts";

function gzipped(value: unknown): Uint8Array {
  const body = gzipSync(JSON.stringify(value));
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Uint8Array.from([...new TextEncoder().encode(head), ...body]);
}

function chunked(value: unknown): string {
  const chunks = JSON.stringify(value).match(/.{1,7}/gs)!.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`;
}

const basic = (url: string, ...more: string[]) =>
  run(["--url", url, "--test-type", "basic", "--model", "m", "--requests", "3", "--warmup", "0", ...more]);

Deno.test("the command names the options for a token where the server answers 401 or 403", async () => {
  for (const status of [401, 403]) {
    await using everywhere = await startServer({ "GET /health": answer({ detail: "who are you" }, status) });
    await using onHealth = await startServer({ "GET /v2/health/ready": answer({ error: "who are you" }, status) });
    for (const [url, ...more] of [[everywhere.url], [onHealth.url, "--protocol", "kserve-v2"]]) {
      const { code, stderr } = await basic(url!, ...more);
      assertEquals(code, 3, stderr);
      assertStringIncludes(stderr, String(status));
      assertStringIncludes(stderr, "--token-env VAR, --token-file FILE");
    }
    await using onPredictions = await openInference(answer({ error: "no token" }, status));
    assertStringIncludes((await basic(onPredictions.url)).stdout, `"status ${status}: no token"`);
  }
});

Deno.test("the command tells of redirects and does not follow them", async () => {
  await using elsewhere = await openInference(answer(PREDICTION));
  const moved = answer("", 307, `location: ${elsewhere.url}/v2`);
  await using everywhere = await startServer({ "GET /health": moved, "GET /v2": moved });
  const { code, stderr } = await basic(everywhere.url);
  assertEquals(code, 3);
  assertStringIncludes(stderr, `Redirects are not followed: try --url ${elsewhere.url}.`);
  await using onPredictions = await openInference(moved);
  const { stdout } = await basic(onPredictions.url);
  assertStringIncludes(stdout.replaceAll(/\s+/g, " "), `a redirect to ${elsewhere.url}/v2, which is not followed`);
  assertEquals(elsewhere.accepted(), 0);
});

Deno.test("the command reads compressed and chunked answers", async () => {
  for (const infer of [gzipped(PREDICTION), chunked(PREDICTION)]) {
    await using server = await openInference(infer);
    const { code, stdout, stderr } = await basic(server.url);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "(3 of 3)");
  }
});

Deno.test("the command shows the server's own words on a wrong tensor shape", async () => {
  const words = "[request id: <id>] unexpected shape for input 'x' for model 'm'. Expected [-1,2], got [1,3]";
  await using server = await openInference(answer({ error: words }, 400));
  const item = await Deno.makeTempFile({ suffix: ".json" });
  try {
    // A list that does not fit what the model says of its input is refused before the run, flat or nested.
    for (const list of ["[[1, 2, 3]]", "[[[1, 2, 3]]]", "[[[1], [2]]]"]) {
      await Deno.writeTextFile(item, list);
      assertEquals((await basic(server.url, "--input-data", item)).code, 2);
    }
    await Deno.writeTextFile(item, "[[1, 2]]");
    const { code, stdout } = await basic(server.url, "--input-data", item);
    assertEquals(code, 3);
    assertStringIncludes(stdout.replaceAll(/\s+/g, " "), words);
  } finally {
    await Deno.remove(item);
  }
});

Deno.test("the command measures batch 1 alone of a model without batch dimension, and refuses more", async () => {
  const metadata = answer({ name: "m", inputs: [tensor("x", [2])], outputs: [tensor("y", [1])] });
  const prediction = answer({ model_name: "m", outputs: [{ ...tensor("y", [1]), data: [0.5] }] });
  await using server = await openInference(prediction, { "GET /v2/models/m": metadata });
  const sweep = ["--url", server.url, "--test-type", "throughput", "--model", "m", "--requests", "4", "--quick"];
  const { code, stdout, stderr } = await run(sweep);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "Batch 1:");
  assertStringIncludes(stdout.replaceAll(/\s+/g, " "), "its inputs have no batch dimension");
  assert(!stdout.includes("Batch 4:"));
  const refused = await basic(server.url, "--batch-size", "4");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "it takes one, asked for are 4");
});

Deno.test("the command says of a model that is there but not ready why it cannot be used", async () => {
  const notReady = answer({ error: "Request for unknown model: 'm' has no available versions" }, 400);
  await using server = await openInference(notReady, {
    "GET /v2/models/m": notReady,
    "GET /v2/models/m/ready": answer("", 400),
    "POST /v2/repository/index": answer([{ name: "m", state: "UNAVAILABLE", reason: "out of memory" }]),
  });
  const { code, stdout, stderr } = await basic(server.url);
  assertEquals([code, stdout], [3, ""]);
  assertStringIncludes(stderr, "no available versions");
});
