import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { makeNotebook } from "./make_notebook.ts";

Deno.test("parseNotebook() gives text and code in their order and leaves raw cells out", () => {
  const cells = [
    { cell_type: "markdown", source: ["# a\n", "b"] },
    { cell_type: "raw", source: "never shown" },
    { cell_type: "code", source: "1" },
  ];
  assertEquals(parseNotebook(JSON.stringify({ nbformat: 4, metadata: {}, cells }), "x").cells, [
    { kind: "markdown", source: "# a\nb" },
    { kind: "code", source: "1" },
  ]);
});

Deno.test("parseNotebook() says what is wrong with a file that it cannot run", () => {
  const cases: readonly [json: string, message: string][] = [
    ["", "Cannot run the notebook x as it must be JSON: "],
    ["null", "Cannot run the notebook x as it must be of nbformat 4: at the file found null"],
    ["[]", "at nbformat found undefined"],
    ['{"nbformat": 3, "metadata": {}, "worksheets": []}', "at nbformat found 3"],
    ['{"nbformat": 4, "metadata": {}}', "at cells found undefined"],
    ['{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}', "at cells.0.source found undefined"],
    [
      '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "sql", "source": ""}]}',
      'at cells.0.cell_type found "sql"',
    ],
    [
      makeNotebook(["print(1)"], { language_info: { name: "python" } }),
      "Cannot run the notebook x as its language must be typescript or javascript: found python",
    ],
  ];
  for (const [json, message] of cases) assertThrows(() => parseNotebook(json, "x"), UsageError, message);
});
