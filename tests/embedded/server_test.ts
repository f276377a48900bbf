import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startTestServer } from "./embedded_client.ts";

Deno.test("the embedded server keeps to its limits", async (t) => {
  await using server = await startTestServer({ models: ["bert"], maxBodyBytes: 1000 });

  await t.step("it answers 404 to unknown paths, in the words of the contract", async () => {
    for (const path of ["/nothing", "/models/none", "/v2/nothing", "/bert/predict/more", "/%E0%A4%A"]) {
      const { status, json } = await server.call("GET", path);
      assertEquals([status, "success" in json], [404, !path.startsWith("/v2")], path);
    }
    assertEquals((await server.call("POST", "/%E0%A4%A/predict")).status, 400);
  });

  await t.step("it answers 405 to a method that the path does not have", async () => {
    const wrong = [["PUT", "/health"], ["GET", "/bert/predict"], ["DELETE", "/v2"], ["GET", "/v2/repository/index"]];
    for (const [method, path] of wrong) {
      const { status, json } = await server.call(method!, path!);
      assertEquals(status, 405);
      assertStringIncludes(json.error, method!);
    }
  });

  await t.step("it answers 413 to a body that is too large, with and without a declared length", async () => {
    const text = JSON.stringify({ inputs: "x".repeat(2000) });
    assertEquals((await server.call("POST", "/bert/predict", text)).status, 413);
    const response = await fetch(`${server.server.url}/bert/predict`, {
      method: "POST",
      body: ReadableStream.from([text]).pipeThrough(new TextEncoderStream()),
    });
    assertEquals(response.status, 413);
    assertStringIncludes((await response.json()).error, "at most 1000 bytes");
  });

  await t.step("it reads a body that comes without a declared length", async () => {
    const response = await fetch(`${server.server.url}/bert/predict`, {
      method: "POST",
      body: ReadableStream.from(['{"inputs":', '"A fine', ' day"}']).pipeThrough(new TextEncoderStream()),
    });
    assertEquals([response.status, (await response.json()).success], [200, true]);
  });

  await t.step("GET /metrics is Prometheus text whose counters agree with what was done", async () => {
    await server.call("POST", "/bert/predict", { inputs: ["a", "b"] });
    const response = await fetch(`${server.server.url}/metrics`);
    assertStringIncludes(response.headers.get("content-type")!, "text/plain; version=0.0.4");
    const text = await response.text();
    for (const line of text.trimEnd().split("\n")) {
      assertMatch(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+-]+)$/);
    }
    const value = (name: string) => Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
    assertEquals(value('torchgauge_requests_total{model="bert",outcome="success"}'), 2);
    assertEquals(value('torchgauge_batch_size_sum{model="bert"}'), 3);
    assertEquals(value('torchgauge_batch_size_bucket{model="bert",le="1"}'), 1);
    assertEquals(value('torchgauge_batch_size_bucket{model="bert",le="+Inf"}'), 2);
    assertEquals(value('torchgauge_queue_seconds_count{model="bert"}'), 2);
    assertEquals(value('torchgauge_compute_seconds_count{model="bert"}'), 2);
    assertEquals(value('torchgauge_model_ready{model="bert"}'), 1);
    assertEquals(value("process_resident_memory_bytes") > 10e6, true);
  });
});
