import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { TEST_NAMES } from "../../../src/measure/settings/setting.ts";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";

const PATIENT = ["--url", "http://h:1", "--load-timeout", "900"];

Deno.test("--load-timeout is of every test and of a download, as a model may have to be loaded for each", () => {
  for (const test of TEST_NAMES.filter((name) => name !== "ab")) {
    const command = parseCommandLine(["--test-type", test, ...PATIENT]);
    assertEquals(command.kind === "run" && command.options.loadTimeoutMs, 900_000, test);
  }
  const download = parseCommandLine(["--download", "bert", ...PATIENT]);
  assertEquals(download.kind === "download" && download.loadTimeoutMs, 900_000);
  for (const other of ["--list-models", "--list-downloadable"]) {
    assertThrows(() => parseCommandLine([other, ...PATIENT]), UsageError, 'with "--load-timeout" as that is for tests');
  }
});
