import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { image, sentence, startTestServer, type TestServer } from "../embedded_client.ts";

const load = (server: TestServer, name: string) =>
  server.call("POST", `/autoscaler/load?model_name=${name}&version=v1`);
const unload = (server: TestServer, name: string) => server.call("DELETE", `/autoscaler/unload?model_name=${name}`);

Deno.test("the embedded server speaks the torch-inference contract", async (t) => {
  await using server = await startTestServer({ models: ["mobilenet_v2", "bert"] });

  await t.step("GET /health says that it is healthy", async () => {
    const { status, json } = await server.call("GET", "/health");
    assertEquals([status, json.healthy], [200, true]);
  });

  await t.step("GET /models lists what is loaded and describes what is there", async () => {
    const { json } = await server.call("GET", "/models");
    assertEquals(json.models, ["mobilenet_v2", "bert"]);
    assertEquals(json.total_models, 2);
    const { description: _, state: __, aliases: ___, task: ____, size_bytes, ...info } = json.model_info.mobilenet_v2;
    assertGreater(size_bytes, 4 * 3_504_872);
    assertEquals(info, {
      loaded: true,
      device: "cpu",
      input_type: "tensor",
      input_shape: [3, 64, 64],
      datatype: "FP32",
      max_batch_size: 128,
      parameters: 3_504_872,
      weights: "random (seeded)",
    });
    assertEquals(json.model_info.bert.input_type, "text");
  });

  await t.step("GET /models/available lists all models by source", async () => {
    const { json } = await server.call("GET", "/models/available");
    const sources = Object.entries(json.available_models as Record<string, { source: string }>)
      .map(([name, { source }]) => [name, source]);
    assertEquals(Object.fromEntries(sources), {
      mobilenet_v2: "torchvision",
      resnet18: "torchvision",
      resnet50: "torchvision",
      bert: "huggingface",
    });
  });

  await t.step("POST /{model}/predict answers one item with one result and a list with a list", async () => {
    const one = await server.call("POST", "/mobilenet_v2/predict", { inputs: image(1) });
    assertEquals([one.status, one.json.success, one.json.error], [200, true, null]);
    assertEquals(one.json.result.top5.length, 5);
    assertEquals(one.json.result.class, one.json.result.top5[0].class);
    assertEquals(one.json.model_info.model, "mobilenet_v2");
    assertEquals(one.json.batch_info.batch_size, 1);
    assert(one.json.processing_time > one.json.batch_info.compute_time && one.json.batch_info.compute_time > 0);

    const list = await server.call("POST", "/mobilenet_v2/predict", { inputs: [image(2), image(1)] });
    assertEquals(list.json.result.length, 2);
    assertEquals(list.json.result[1].class, one.json.result.class);
    assertEquals(list.json.batch_info.batch_size, 2);

    const text = await server.call("POST", "/bert/predict", { inputs: "A fine day" });
    assertStringIncludes(text.json.result.label, "LABEL_");
    const texts = await server.call("POST", "/bert/predict", { inputs: ["A fine day"] });
    assertEquals(texts.json.result, [text.json.result]);
  });

  await t.step("POST /{model}/predict answers to an alias under the name that was asked for", async () => {
    const { status, json } = await server.call("POST", "/bert-base-uncased/predict", { inputs: "A fine day" });
    assertEquals([status, json.model_info.model], [200, "bert-base-uncased"]);
  });

  await t.step("POST /{model}/predict refuses what the model does not take, and names it", async () => {
    const wrong = [{ inputs: [1, 2] }, { inputs: "a" }, {}, { inputs: image(1), priority: "high" }, "{", "[1]", "\xff"];
    for (const body of wrong) {
      const { status, json } = await server.call("POST", "/mobilenet_v2/predict", body);
      assertEquals([status, json.success], [400, false], JSON.stringify(body)?.slice(0, 80));
      assertGreater(json.error.length, 20);
    }
  });

  await t.step("POST /{model}/predict refuses models that are unknown or not loaded", async () => {
    for (const name of ["nope", "example", "resnet18"]) {
      const { status, json } = await server.call("POST", `/${name}/predict`, { inputs: image(1) });
      assertEquals([status, json.success, json.result], [404, false, null]);
      assertStringIncludes(json.error, name);
    }
  });

  await t.step("requests that come together run together", async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => server.call("POST", "/bert/predict", { inputs: sentence(i, 60) })),
    );
    const sizes = answers.map(({ json }) => json.batch_info.batch_size);
    assertGreater(Math.max(...sizes), 1);
    assert(Math.max(...sizes) <= 16);
    const alone = await server.call("POST", "/bert/predict", { inputs: sentence(7, 60) });
    assert(Math.abs(alone.json.result.score - answers[7]!.json.result.score) < 1e-3);
  });

  await t.step("a request whose timeout passes in the queue is refused with 504 and never runs", async () => {
    const texts = Array.from({ length: 40 }, (_, i) => sentence(i, 120));
    const before = (await server.call("GET", "/stats")).json.models.bert;
    const long = server.call("POST", "/bert/predict", { inputs: texts });
    while (!(await server.call("GET", "/stats")).json.models.bert.executing) continue;
    const late = await server.call("POST", "/bert/predict", { inputs: "late", timeout: 0.001 });
    assertEquals([late.status, late.json.success], [504, false]);
    assertEquals((await long).status, 200);
    const after = (await server.call("GET", "/stats")).json.models.bert;
    assertEquals([after.predictions - before.predictions, after.cancelled - before.cancelled], [40, 1]);
  });

  await t.step("POST /models/download fetches a model once, by body or query, and does not load it", async () => {
    const body = { source: "torchvision", model_id: "resnet18", name: "resnet18" };
    const first = await server.call("POST", "/models/download", body);
    assertEquals([first.json.success, first.json.status], [true, "completed"]);
    assertStringIncludes(first.json.message, "random weights");
    const again = await server.call("POST", "/models/download?source=torchvision&model_id=resnet18&name=resnet18");
    assertStringIncludes(again.json.message, "already");
    const { json } = await server.call("GET", "/models");
    assertEquals([json.model_info.resnet18.loaded, json.models.includes("resnet18")], [false, false]);
  });

  await t.step("POST /models/download refuses what there is not", async () => {
    for (
      const body of [
        { source: "torchvision", model_id: "vgg16" },
        { source: "huggingface", model_id: "resnet18" },
        { source: "torchvision", model_id: "resnet18", name: "mine" },
        { model_id: 7 },
        {},
      ]
    ) {
      const { status, json } = await server.call("POST", "/models/download", body);
      assertEquals([status, json.success, json.status], [404, false, "failed"]);
      assertStringIncludes(json.error, "resnet18 (torchvision)");
    }
  });

  await t.step("load and unload change whether a model answers", async () => {
    assertEquals((await load(server, "resnet18")).json, {
      success: true,
      message: "Loaded resnet18",
      model_name: "resnet18",
    });
    assertEquals((await server.call("POST", "/resnet18/predict", { inputs: image(1) })).status, 200);
    assertEquals((await unload(server, "resnet18")).json.success, true);
    assertEquals((await server.call("POST", "/resnet18/predict", { inputs: image(1) })).status, 404);
    assertEquals((await server.call("GET", "/models")).json.model_info.resnet18.loaded, false);
    assertEquals((await unload(server, "resnet18")).json.success, true);
    for (const change of [load, unload]) assertEquals((await change(server, "nope")).status, 404);
  });

  await t.step("loads and unloads that come together leave the last one's state", async () => {
    const changes = [load, unload, load, load, unload, load].map((change) => change(server, "mobilenet_v2"));
    assertEquals((await Promise.all(changes)).map(({ json }) => json.success), changes.map(() => true));
    assertEquals((await server.call("POST", "/mobilenet_v2/predict", { inputs: image(1) })).status, 200);
  });

  await t.step("an unload refuses what waits and answers what runs", async () => {
    const texts = Array.from({ length: 32 }, (_, i) => sentence(i, 120));
    const requests = Array.from({ length: 4 }, () => server.call("POST", "/bert/predict", { inputs: texts }));
    while ((await server.call("GET", "/stats")).json.models.bert.waiting < 2) continue;
    await unload(server, "bert");
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    assertEquals(statuses.filter((status) => status === 200).length, 1);
    assert(statuses.every((status) => [200, 404, 503].includes(status)), String(statuses));
  });

  await t.step("GET /metrics/server reports the process and that there is no GPU", async () => {
    const { json } = await server.call("GET", "/metrics/server");
    assertEquals(json.process.pid, server.server.pid);
    assertEquals(json.gpu_metrics, { gpu_available: false });
  });
});
