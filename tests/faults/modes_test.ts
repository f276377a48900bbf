import { assertEquals, assertGreaterOrEqual, assertThrows } from "@std/assert";
import { MATRIX_MODES, matrixCells } from "./matrix/matrix_modes.ts";
import { ALL_MODES } from "./modes.ts";
import { ALL_TEST_TYPES } from "./test_types.ts";

Deno.test("there are 110 modes of a faulty server at least, each of a name of its own", () => {
  assertGreaterOrEqual(ALL_MODES.length, 110);
  assertEquals(new Set(ALL_MODES.map(({ name }) => name)).size, ALL_MODES.length);
  assertEquals(ALL_MODES.filter(({ name }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)), []);
});

Deno.test("the matrix holds 60 modes under every test type at least, and every mode under the basic test", () => {
  assertGreaterOrEqual(new Set(MATRIX_MODES).size, 60);
  const cells = matrixCells({ only: [], testTypes: [] });
  const basic = cells.filter(({ testType }) => testType === "basic");
  assertEquals(basic.length, ALL_MODES.length);
  const ofLanguage = MATRIX_MODES.filter(({ dialects }) => dialects === undefined || dialects.includes("openai"));
  assertEquals(cells.filter(({ testType }) => testType === "prompts").length, ofLanguage.length);
  assertEquals(cells.filter(({ testType, dialect }) => testType === "prompts" && dialect !== "openai"), []);
  const others = MATRIX_MODES.length * (ALL_TEST_TYPES.length - 2);
  assertEquals(cells.length, ALL_MODES.length + others + ofLanguage.length);
});

Deno.test("cells of the matrix are chosen by names, also of a beginning, and by test types", () => {
  const [first] = matrixCells({ only: ["gzip-bomb"], testTypes: ["load"] });
  assertEquals([first!.mode.name, first!.testType, first!.dialect], ["gzip-bomb", "load", "kserve-v2"]);
  assertEquals(matrixCells({ only: ["metrics-*"], testTypes: ["basic"] }).length, 4);
  assertThrows(() => matrixCells({ only: ["no-such-mode"], testTypes: [] }), TypeError);
});
