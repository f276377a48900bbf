import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readInputData } from "../../../src/cli/inputs/input_data.ts";
import { parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";
import { encodedItem } from "../../../src/items/encoded_item.ts";
import { JSON_ITEMS } from "../../../src/protocols/shared/json_form.ts";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";
import { npyBytes } from "./npy_bytes.ts";

const KEYS = [9007199254740993n, 1285704473650888702n] as const;

Deno.test("readInputData() keeps how numbers are written that are no integers to who reads them", async () => {
  const folder = await Deno.makeTempDir();
  const files: [string, string, readonly string[]][] = [
    ["a.json", '[[1.0, 2], {"a,]": [1e3, "\\"] 1"]}, [1.5, 2], 7.0]', [
      "[1.0,2]",
      '{"a,]":[1e3,"\\"] 1"]}',
      "[1.5,2]",
      "7.0",
    ]],
    ["b.json", '{"x": [[1.00]]}', ['{"x":[[1.00]]}']],
    ["c.jsonl", "[1.0]\n\n[2]\n3.0\n", ["[1.0]", "[2]", "3.0"]],
  ];
  try {
    for (const [name, text, expected] of files) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const bodies = (await readInputData(`${folder}/${name}`)).map((sample) => {
        assert(sample.kind === "item");
        return new TextDecoder().decode(encodedItem(JSON_ITEMS, sample.item).bytes).slice(",".length);
      });
      assertEquals(bodies, expected, name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("--extra-body keeps the digits of its integers", () => {
  const { server: { access } } = parseCommandLine([
    "--test-type",
    "basic",
    "--extra-body",
    '{"seed": 9007199254740993}',
  ]) as RunCommand;
  assertEquals(access.generation?.generation.extraBody, { seed: 9007199254740993n });
});

Deno.test("the command sends the integers of its files as they are written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const generic = `${folder}/server.json`, keys = `${folder}/keys.json`, array = `${folder}/keys.npy`;
    await Deno.writeTextFile(keys, `[[${KEYS}]]`);
    await Deno.writeFile(array, npyBytes("<i8", [2], BigInt64Array.from(KEYS)));
    await Deno.writeTextFile(
      generic,
      '{"predict": {"path": "/v2/models/m/infer", "bodyTemplate": {"ids": "{{input}}"}}}',
    );
    const metadata = answer({
      inputs: [{ name: "x", datatype: "INT64", shape: [-1, 2] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
    });
    for (
      const more of [["--input-data", keys], ["--input-data", array], ["--input-data", keys, "--generic", generic]]
    ) {
      let body = "";
      await using server = await openInference((request) => {
        body = request.body;
        return answer(PREDICTION);
      }, { "GET /v2/models/m": metadata });
      const basic = ["--url", server.url, "--test-type", "basic", "--requests", "3", "--warmup", "0", "--model", "m"];
      const { code, stderr } = await run([...basic, ...more]);
      assertEquals(code, 0, stderr);
      assertStringIncludes(body, KEYS.join(","));
    }
    await Deno.writeTextFile(keys, "[[1, 1e400]]");
    await using server = await openInference(answer(PREDICTION), { "GET /v2/models/m": metadata });
    const { code, stderr } = await run(["--url", server.url, "--test-type", "basic", "--input-data", keys]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "1e400");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
