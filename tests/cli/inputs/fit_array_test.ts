import { assertEquals, assertThrows } from "@std/assert";
import { fitArray } from "../../../src/cli/inputs/fit_array.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Datatype, TensorData } from "../../../src/core/model_input.ts";

Deno.test("fitArray() sends integers that may be ids as they are, or refuses them by name", () => {
  const fit = (source: Datatype, data: TensorData, datatype: Datatype) =>
    fitArray({ datatype: source, shape: [1], data }, { name: "x", datatype, shape: [1] }, "a.npy");
  const id = BigInt64Array.of(2n ** 53n + 1n);
  for (const type of ["FP64", "FP32"] as const) {
    assertThrows(() => fit("INT64", id, type), UsageError, `as ${type} must hold its numbers: found ${id[0]}`);
  }
  assertThrows(() => fit("INT32", Int32Array.of(2049), "FP16"), UsageError, "found 2049");
  assertEquals(fit("INT64", BigInt64Array.of(2048n), "FP16").length, 1);
});

Deno.test("fitArray() rounds floats, and samples of pixels and sound, as the model's type does", () => {
  const rows = [["UINT16", Uint16Array.of(4095)], ["FP64", Float64Array.of(4095)]] as const;
  for (const [datatype, data] of rows) {
    const spec = { name: "x", datatype: "FP16", shape: [1] } as const;
    assertEquals(fitArray({ datatype, shape: [1], data }, spec, "a.npy").length, 1);
  }
});
