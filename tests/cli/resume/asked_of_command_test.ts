import { assertEquals, assertNotEquals } from "@std/assert";
import { askedOfCommand } from "../../../src/cli/resume/asked_of_command.ts";

const ONE = { model: null, workers: 1, start: null, inputOverrides: { shapes: {}, datatypes: {} } };

Deno.test("askedOfCommand() tells what decides which answers are taken, where it is not the usual", () => {
  const most = (bytes: number) => askedOfCommand(ONE, { maxResponse: { bytes, name: "--max-response" } });
  assertEquals([most(64 * 2 ** 20), most(2 ** 20)], [{}, { maxResponse: "1048576 bytes" }]);
});

Deno.test("askedOfCommand() tells the names of what may be secret alone", () => {
  const asked = askedOfCommand(ONE, { headers: { "X-Key": "secret" }, query: [["key", "secret"]] });
  assertEquals(asked, { headers: "x-key", query: "key" });
});

Deno.test("askedOfCommand() tells the model as it was named, and given items by what they hold, wherever they are", () => {
  const file = (path: string, ...bytes: number[]) =>
    askedOfCommand(ONE, {}, [{ kind: "file", path, contentType: "image/png", bytes: Uint8Array.from(bytes) }]);
  assertEquals(file("a.png", 1, 2), file("b/a.png", 1, 2));
  assertNotEquals(file("a.png", 1, 2), file("a.png", 1, 3));
  assertEquals(Object.keys(file("a.png", 1)), ["inputs.given"]);
  const inputOverrides = { shapes: { x: [3, 8] }, datatypes: { x: "FP16" }, omitted: ["mask"] } as const;
  assertEquals(askedOfCommand({ ...ONE, model: "resnet", inputOverrides }, {}), {
    "model": "resnet",
    "inputs.tensors": "x:3,8",
    "inputs.tensors.datatype": "x:FP16",
    "inputs.tensors.optional": "mask",
  });
});
