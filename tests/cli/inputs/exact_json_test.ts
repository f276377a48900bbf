import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseExactly } from "../../../src/cli/inputs/exact_json.ts";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";
import { npyBytes } from "./npy_bytes.ts";

const KEYS = [9007199254740993n, 1285704473650888702n] as const;

Deno.test("parseExactly() keeps the digits of integers and refuses what is no number any more", () => {
  const exact: [string, unknown][] = [
    ["[9007199254740993, -9007199254740993]", [9007199254740993n, -9007199254740993n]],
    ['{"a": {"b": 18446744073709551615}, "c": [1, 0.1234567890123456789]}', {
      a: { b: 18446744073709551615n },
      c: [1, 0.1234567890123456789],
    }],
    ["[1e+100, 9007199254740991, 0e500]", [1e100, 9007199254740991, 0]],
    ['"9007199254740993"', "9007199254740993"],
  ];
  for (const [text, value] of exact) assertEquals(parseExactly(text), value);
  for (const number of ["1e400", "-1E+400", "1e-400"]) {
    assertThrows(() => parseExactly(`[0.5, ${number}]`), RangeError, number);
  }
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
