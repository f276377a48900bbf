import { assertEquals } from "@std/assert";
import { completedInputs } from "../../../src/cli/inputs/completed_inputs.ts";
import type { Datatype, PartialInput } from "../../../src/core/model_input.ts";

const TOLD: readonly PartialInput[] = [
  { name: "x", datatype: null, shape: [4] },
  { name: "y", datatype: "INT64", shape: null, optional: true },
];

const completed = (shapes: Record<string, number[]>, datatypes: Record<string, Datatype>, omitted: string[] = []) => {
  const spec = completedInputs(TOLD, { shapes, datatypes, omitted });
  return spec?.kind === "tensors" ? spec.tensors : null;
};

Deno.test("completedInputs() joins what the server and the user say", () => {
  assertEquals(completed({ y: [2] }, { x: "FP16" }), [
    { name: "x", datatype: "FP16", shape: [4] },
    { name: "y", datatype: "INT64", shape: [2], optional: true },
  ]);
  assertEquals(completed({ y: [1, 3, 8, 8] }, { x: "FP16" })?.[1]?.shape, [3, 8, 8]);
});

Deno.test("completedInputs() need not know an input that is left out", () => {
  assertEquals(completed({}, { x: "BF16" }, ["y"])?.map(({ name, shape }) => [name, shape]), [["x", [4]], ["y", []]]);
});

Deno.test("completedInputs() leaves a shape that nobody says to items that have their own", () => {
  const told = [{ name: "x", datatype: "INT64", shape: null }] as const;
  const spec = completedInputs(told, { shapes: {}, datatypes: {} }, []);
  assertEquals(spec, { kind: "tensors", tensors: [{ name: "x", datatype: "INT64", shape: [] }] });
});

Deno.test("completedInputs() says nothing where not all is known, or of an input that the server does not name", () => {
  assertEquals(completed({}, { x: "FP16" }), null);
  assertEquals(completed({ y: [2] }, {}), null);
  assertEquals(completed({ y: [2] }, { x: "FP16", z: "FP16" }), null);
  assertEquals(completedInputs([], { shapes: { x: [4] }, datatypes: {} }), null);
});
