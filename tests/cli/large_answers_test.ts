import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./command.ts";
import { answer, openInference, PREDICTION } from "./open_inference_server.ts";

Deno.test("an answer that is larger than is taken fails, with the option that takes it, with threads as well", async () => {
  await using server = await openInference(answer({ ...PREDICTION, more: "x".repeat(200_000) }));
  const asked = ["--test-type", "basic", "--url", server.url, "--model", "m", "--requests", "20", "--warmup", "0"];
  for (const [size, workers, code] of [["100kB", "1", 3], ["100KiB", "2", 3], ["1MB", "2", 0]] as const) {
    const { code: found, stdout, stderr } = await run([...asked, "--max-response", size, "--workers", workers]);
    assertEquals(found, code, stderr);
    if (code === 0) continue;
    const words = size === "100kB" ? "100000 bytes" : "100 KiB";
    assertStringIncludes(
      stdout.replaceAll(/\s+/g, " "),
      `20 too-large ("its body is larger than ${words}: --max-response takes larger ones")`,
    );
  }
});

Deno.test("a server whose description is larger than is taken is told with the option that takes it", async () => {
  await using server = await openInference(answer(PREDICTION));
  const { code, stderr } = await run(["--url", server.url, "--list-models", "--max-response", "1KiB"]);
  assertEquals(code, 0, stderr);
  await using large = Deno.serve({ port: 0, onListen() {} }, () => Response.json({ more: "x".repeat(2000) }));
  const told = await run(["--url", `http://127.0.0.1:${large.addr.port}`, "--list-models", "--max-response", "1KiB"]);
  assertEquals(told.code, 3);
  assertStringIncludes(told.stderr, "its body is larger than 1 KiB: --max-response takes larger ones");
});
