import { assertEquals, assertRejects } from "@std/assert";
import { createJimp } from "@jimp/core";
import png from "@jimp/js-png";
import { imageTensor } from "../../../src/cli/inputs/image_tensor.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Datatype } from "../../../src/core/model_input.ts";

const COLOUR = 0xc8_7b_01_ff;
const [RED, GREEN, BLUE] = [0xc8, 0x7b, 0x01];

Deno.test("imageTensor() gives integers whole colours, and refuses types that cannot hold them", async () => {
  const Jimp = createJimp({ formats: [png] });
  const bytes = new Uint8Array(await new Jimp({ width: 1, height: 1, color: COLOUR }).getBuffer("image/png"));
  const of = async (datatype: Datatype, channels: number) => {
    const { data } = await imageTensor(bytes, { name: "x", datatype, shape: [channels, 1, 1] }, "cat.png");
    return Array.from(data, Number);
  };
  const grey = 0.299 * RED + 0.587 * GREEN + 0.114 * BLUE;
  for (const datatype of ["UINT8", "INT16", "INT64"] as const) {
    assertEquals(await of(datatype, 3), [RED, GREEN, BLUE]);
    assertEquals(await of(datatype, 1), [Math.round(grey)]);
  }
  assertEquals(await of("FP32", 1), [Math.fround(grey / 255)]);
  await assertRejects(() => of("INT8", 3), UsageError, '"x" as INT8 must hold its numbers: found 255');
  await assertRejects(() => of("BOOL", 3), UsageError, "it is BOOL");
});
