/** Servers behind gateways that hide routes or change names. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./command.ts";
import { answer, openInference, PREDICTION, startServer, tensor } from "./open_inference_server.ts";

const basic = (url: string, ...more: string[]) =>
  run(["--url", url, "--test-type", "basic", "--requests", "3", "--warmup", "0", ...more]);
const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");
const NO_ROUTE = answer({ error: "Not Found" }, 404);

Deno.test("the command goes on where there is no route for the server's health, and says so", async () => {
  const routes = {
    "GET /v2/models/m": answer({ name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] }),
    "POST /v2/models/m/infer": answer(PREDICTION),
  };
  for (const [status, more] of [[404, {}], [405, { "GET /v2/models/m/ready": answer({ ready: true }) }]] as const) {
    await using server = await startServer({
      ...routes,
      ...more,
      "GET /v2/health/ready": answer({ error: "Not Found" }, status),
    });
    for (const asked of [["--protocol", "kserve-v2"], []]) {
      const { code, stdout, stderr } = await basic(server.url, "--model", "m", ...asked);
      assertEquals(code, 0, stderr);
      assertStringIncludes(
        oneLine(stdout),
        `does not say whether it is healthy: GET /v2/health/ready answers status ${status}`,
      );
    }
  }
  await using loading = await startServer({ ...routes, "GET /v2/models/m/ready": answer({ ready: false }) });
  const { code, stderr } = await basic(loading.url, "--model", "m", "--protocol", "kserve-v2");
  assertEquals(code, 3);
  assertStringIncludes(stderr, 'Cannot use the model "m" as it must be ready');
});

Deno.test("the command goes on where there is no route but that of predictions, and the inputs are said", async () => {
  const infer = { "POST /v2/models/m/infer": answer(PREDICTION) };
  for (const list of [{}, { "GET /v2/models": answer({ models: ["m"] }) }]) {
    await using server = await startServer({ ...infer, ...list });
    const asked = [server.url, "--model", "m", "--protocol", "kserve-v2"] as const;
    const { code, stdout, stderr } = await basic(...asked, "--input-shape", "x:2");
    assertEquals(code, 0, stderr);
    assertStringIncludes(oneLine(stdout), 'does not describe the model "m": GET /v2/models/m answers status 404');
    const unsaid = await basic(...asked);
    assertEquals(unsaid.code, 3);
    assertStringIncludes(unsaid.stderr, "--input-shape");
  }
  const lacking: Readonly<Record<string, string>>[] = [
    { ...infer, "GET /v2/models": answer({ models: ["other"] }) },
    { ...infer, "GET /v2/models/m": answer({ error: "Model m not found" }, 404) },
    // Nothing is there yet, or the name is wrong.
    {},
    { "POST /v2/models/m/infer": NO_ROUTE },
  ];
  for (const routes of lacking) {
    await using server = await startServer(routes);
    const { code, stderr } = await basic(server.url, "--model", "m", "--protocol", "kserve-v2", "--input-shape", "x:2");
    assertEquals(code, 3);
    assertStringIncludes(stderr, 'Cannot use the model "m" as the server must have it');
  }
});

Deno.test("the command goes on where the server has no GET at all, and the inputs are said", async () => {
  const no = answer("<!DOCTYPE HTML><title>Error response</title>", 501);
  const gets = ["/v2", "/v2/health/ready", "/v2/health/live", "/v2/models", "/v1/models", "/v2/models/m", "/metrics"];
  await using server = await startServer({
    ...Object.fromEntries([...gets, "/v2/models/m/ready"].map((path) => [`GET ${path}`, no])),
    "POST /v2/models/m/infer": answer(PREDICTION),
  });
  const asked = [server.url, "--model", "m", "--protocol", "kserve-v2", "--input-shape", "x:2"] as const;
  const { code, stdout, stderr } = await basic(...asked);
  assertEquals(code, 0, stderr);
  assertStringIncludes(oneLine(stdout), "does not say whether it is healthy: GET /v2/health/ready answers status 501");
});

Deno.test("the command finds the models where a server has no index of a repository", async () => {
  const lists = [["GET /v2/models", { models: ["m"] }], ["GET /v2/models", [{ name: "m" }]], ["GET /v1/models", {
    models: ["m"],
  }]] as const;
  for (const [route, list] of lists) {
    await using server = await openInference(answer(PREDICTION), {
      "POST /v2/repository/index": NO_ROUTE,
      [route]: answer(list),
    });
    const listed = await run(["--url", server.url, "--list-models"]);
    assertEquals(listed.code, 0, listed.stderr);
    assertStringIncludes(listed.stdout, "m     unknown");
    const { code, stderr } = await basic(server.url);
    assertEquals(code, 0, stderr);
  }
});

Deno.test("the command warns once where the server calls the model otherwise, or does not name it", async () => {
  const { model_name: _, ...nameless } = PREDICTION;
  const named = 'The server answers for the model "m" as "m_1".';
  const renamed = { ...PREDICTION, model_name: "m_1" };
  const rows = [
    [renamed, named, "m"],
    [nameless, "do not say which model", "m"],
    [renamed, named, "m", "--workers", "2"],
    // The list of a gateway may be that of what stands behind it.
    [renamed, named, "m_1"],
  ] as const;
  for (const [infer, note, listed, ...more] of rows) {
    await using server = await openInference(answer(infer), {
      "POST /v2/repository/index": answer([{ name: listed, state: "READY" }]),
    });
    const { code, stdout, stderr } = await basic(server.url, "--model", "m", ...more);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "(3 of 3)");
    assertEquals(oneLine(stdout).split(note).length, 2, stdout);
  }
});

Deno.test("the command counts the answers of another model as failures", async () => {
  await using server = await openInference(answer({ ...PREDICTION, model_name: "other" }), {
    "POST /v2/repository/index": answer([{ name: "m", state: "READY" }, { name: "other", state: "READY" }]),
  });
  const { stdout } = await basic(server.url, "--model", "m");
  assertStringIncludes(oneLine(stdout), "3 wrong-model");
});

Deno.test("the command reads answers whose fields have the names that values of its headers or its query have", async () => {
  await using server = await openInference(answer(PREDICTION), {
    "POST /v2/repository/index": NO_ROUTE,
    "GET /v2/models": answer({ models: ["m"] }),
  });
  for (const more of [["--header", "x-namespace: models"], ["--header", "x-namespace: inputs"]]) {
    const { code, stderr } = await basic(server.url, ...more);
    assertEquals(code, 0, stderr);
  }
});
