import { assertEquals } from "@std/assert";
import { ModelNames } from "../../../src/protocols/kserve_v2/model_names.ts";

Deno.test("ModelNames takes the name by which a server answers, and notes another once", () => {
  const names = new ModelNames(["iris", "resnet"]);
  assertEquals(["iris_1", "iris_1"].map((name) => names.accepts("iris", name)), [true, true]);
  assertEquals(names.notes(), ['The server answers for the model "iris" as "iris_1".']);
  const nameless = new ModelNames();
  assertEquals([null, null].map((name) => nameless.accepts("iris", name)), [true, true]);
  assertEquals(nameless.notes().length, 1);
});

Deno.test("ModelNames refuses the name of another model, and one that changes", () => {
  const names = new ModelNames(["iris", "resnet"]);
  assertEquals(names.accepts("iris", "resnet"), false);
  assertEquals(names.accepts("iris", "iris"), true);
  assertEquals(["iris_1", null, "resnet", "iris"].map((name) => names.accepts("iris", name)), [
    false,
    false,
    false,
    true,
  ]);
  assertEquals(names.notes(), []);
});

Deno.test("ModelNames takes the name of a model that is listed by it alone, or described by it", () => {
  const internal = new ModelNames(["iris_1"]);
  assertEquals([internal.accepts("iris", "iris_1"), internal.accepts("iris", "iris_2")], [true, false]);
  const both = new ModelNames(["iris", "iris_1", "resnet"]);
  both.described("iris", "iris_1");
  assertEquals([both.accepts("iris", "resnet"), both.accepts("iris", "iris_1")], [false, true]);
});
