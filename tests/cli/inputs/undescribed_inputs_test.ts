/** What the user gives of a model's inputs is enough where its server says little, or calls an input optional. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION, tensor } from "../open_inference_server.ts";

interface Sent {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** Runs the command; answers its exit code, stderr, and what was sent last. */
async function basic(more: readonly string[], routes: Readonly<Record<string, string>>) {
  let sent: Sent[] = [];
  await using server = await openInference((request) => {
    sent = JSON.parse(request.body).inputs;
    return answer(PREDICTION);
  }, routes);
  const basic = ["--url", server.url, "--test-type", "basic", "--model", "m", "--requests", "3", "--warmup", "0"];
  const { code, stderr } = await run([...basic, ...more]);
  return { code, stderr, sent: sent.map(({ name, datatype, shape }) => [name, datatype, shape] as const) };
}

async function withItems(items: unknown, body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, JSON.stringify(items));
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

const EMPTY = { "GET /v2/models/m": answer({ name: "m", inputs: [], outputs: [] }) };

Deno.test("the command sends what the user gives to a model whose metadata is empty or missing", () =>
  withItems([[1, 2, 3, 4], [4, 3, 2, 1]], async (path) => {
    for (const routes of [EMPTY, { "GET /v2/models/m": answer({ error: "not found" }, 404) }]) {
      const rows = [
        [["--input-shape", "p:4"], ["p", "FP32", [1, 4]]],
        [["--input-shape", "p:4", "--input-datatype", "p:INT64", "--batch-size", "2"], ["p", "INT64", [2, 4]]],
        [["--input-data", path], ["input", "FP32", [1, 4]]],
        [["--input-data", path, "--input-datatype", "p:INT32"], ["p", "INT32", [1, 4]]],
        [["--input-data", path, "--unbatched"], ["input", "FP32", [4]]],
      ] as const;
      for (const [given, input] of rows) {
        const { code, stderr, sent } = await basic(given, routes);
        assertEquals([code, sent], [0, [input]], `${given}: ${stderr}`);
      }
    }
    const { code, stderr } = await basic([], EMPTY);
    assertEquals(code, 3);
    assertStringIncludes(stderr, "Give sample inputs with --input-data");
  }));

Deno.test("the command takes the names of given items where the model's inputs are not described", () =>
  withItems([{ ids: [1, 2], text: "a" }], async (path) => {
    const { code, stderr, sent } = await basic(["--input-data", path, "--input-datatype", "ids:INT64"], EMPTY);
    assertEquals([code, sent], [0, [["ids", "INT64", [1, 2]], ["text", "BYTES", [1]]]], stderr);
  }));

const described = (inputs: readonly unknown[], outputs: readonly unknown[] = []) => ({
  "GET /v2/models/m": answer({ inputs, outputs }),
});

Deno.test("the command keeps the names and types that the server tells, and takes the shapes of given items", () =>
  withItems([[1, 2, 3, 4]], async (path) => {
    const routes = described([{ name: "predict", datatype: "INT64" }], [tensor("predict", [1])]);
    const { code, stderr, sent } = await basic(["--input-data", path], routes);
    assertEquals([code, sent], [0, [["predict", "INT64", [1, 4]]]], stderr);
  }));

Deno.test("the command names a datatype that it does not know, also where items are given", () =>
  withItems([{ ids: [1, 2], scale: [1] }], async (path) => {
    const routes = described([{ name: "ids", datatype: "INT64" }, { name: "scale", datatype: "FP8", shape: [-1, 1] }]);
    const { code, stderr, sent } = await basic(["--input-data", path], routes);
    assertEquals([code, sent], [3, []]);
    assertStringIncludes(stderr, '"scale" is of an unknown datatype, "FP8"');
    const given = await basic(["--input-data", path, "--input-datatype", "scale:FP16"], routes);
    assertEquals([given.code, given.sent], [0, [["ids", "INT64", [1, 2]], ["scale", "FP16", [1, 1]]]], given.stderr);
  }));

Deno.test("the command sends integers that a guessed type would alter as they are, or refuses them", () =>
  withItems([[1, 16777217]], async (path) => {
    const { code, stderr } = await basic(["--input-data", path], EMPTY);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "found 16777217");
    const given = await basic(["--input-data", path, "--input-datatype", "p:INT64"], EMPTY);
    assertEquals([given.code, given.sent], [0, [["p", "INT64", [1, 2]]]], given.stderr);
  }));

Deno.test("the command takes a model for batched whose shapes only the user tells", async () => {
  const { code, stderr, sent } = await basic(["--input-shape", "p:4"], described([], [tensor("p", [1])]));
  assertEquals([code, sent], [0, [["p", "FP32", [1, 4]]]], stderr);
});

Deno.test("the command leaves out inputs that the user leaves out of items that have them", () =>
  withItems([{ x: [1, 2], t: [1] }], async (path) => {
    const inputs = [tensor("x", [-1, 2]), tensor("t", [-1, 1])];
    for (const routes of [described(inputs), EMPTY]) {
      const { code, stderr, sent } = await basic(["--input-data", path, "--omit-input", "t"], routes);
      assertEquals([code, sent], [0, [["x", "FP32", [1, 2]]]], stderr);
    }
  }));

Deno.test("the command leaves out inputs that are optional or that the user leaves out", () =>
  withItems([{ x: [1, 2] }, { x: [3, 4] }], async (path) => {
    const routes = {
      "GET /v2/models/m": answer({ inputs: [tensor("x", [-1, 2]), tensor("t", [-1, 1])], outputs: [] }),
    };
    const configured = {
      ...routes,
      "GET /v2": answer({ name: "server", version: "1", extensions: ["model_configuration"] }),
      "GET /v2/models/m/config": answer({ max_batch_size: 8, input: [{ name: "x" }, { name: "t", optional: true }] }),
    };
    const needed = await basic(["--input-data", path], routes);
    assertEquals(needed.code, 2);
    assertStringIncludes(needed.stderr, '"t"');
    for (const [more, given] of [[configured, []], [routes, ["--omit-input", "t"]]] as const) {
      const { code, stderr, sent } = await basic(["--input-data", path, ...given], more);
      assertEquals([code, sent], [0, [["x", "FP32", [1, 2]]]], stderr);
    }
  }));
