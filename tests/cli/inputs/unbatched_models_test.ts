/** Models whose first dimension is no batch, through the command. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../command.ts";
import { answer, openInference } from "../open_inference_server.ts";

const CONFIGURED = answer({ name: "server", version: "1", extensions: ["model_configuration"] });
const basic = (url: string, ...more: string[]) =>
  run(["--url", url, "--test-type", "basic", "--model", "m", "--requests", "6", "--warmup", "0", ...more]);
const fp32 = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });

Deno.test("the command counts an item a request of a detector, however many rows it answers", async () => {
  const config = { "GET /v2": CONFIGURED, "GET /v2/models/m/config": answer({ max_batch_size: 0 }) };
  const metadata = answer({ name: "m", inputs: [fp32("x", [-1, 3, 4, 4])], outputs: [fp32("y", [-1, 7])] });
  for (const more of [config, {}]) {
    let rows = 0;
    await using server = await openInference(
      () => {
        rows = (rows + 1) % 6;
        return answer({ model_name: "m", outputs: [{ ...fp32("y", [rows, 7]), data: Array(7 * rows).fill(0.5) }] });
      },
      { "GET /v2/models/m": metadata, ...more },
    );
    const { code, stdout, stderr } = await basic(server.url);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "(6 of 6)");
  }
});

Deno.test("the command sends tensors as they are where the configuration or the user says that there is no batch", async () => {
  const metadata = answer({ name: "m", inputs: [fp32("x", [-1])], outputs: [fp32("y", [-1])] });
  const config = { "GET /v2": CONFIGURED, "GET /v2/models/m/config": answer({ max_batch_size: 0 }) };
  const recording = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(recording, JSON.stringify([Array(800).fill(0.25)]));
    for (const [more, said] of [[config, []], [{}, ["--unbatched"]]] as const) {
      for (const [given, length] of [[["--input-shape", "x:900"], 900], [["--input-data", recording], 800]] as const) {
        let shape: unknown;
        await using server = await openInference(
          (request) => {
            shape = JSON.parse(request.body).inputs[0].shape;
            return answer({ model_name: "m", outputs: [{ ...fp32("y", [3]), data: [1, 2, 3] }] });
          },
          { "GET /v2/models/m": metadata, ...more },
        );
        const { code, stdout, stderr } = await basic(server.url, ...said, ...given);
        assertEquals([code, shape], [0, [length]], stderr);
        assertStringIncludes(stdout, "(6 of 6)");
      }
    }
    await using guessed = await openInference(answer({}), { "GET /v2/models/m": metadata });
    const { code, stderr } = await basic(guessed.url, "--input-shape", "x:900");
    assertEquals(code, 2);
    assert(stderr.includes("--unbatched"), stderr);
  } finally {
    await Deno.remove(recording);
  }
});
