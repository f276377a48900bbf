import { assertEquals } from "@std/assert";
import { parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";

Deno.test("parseCommandLine() has a run that goes on write to its file, unless something else is said", () => {
  const filesOf = (...argv: string[]) => {
    const { resume, output, format } = parseCommandLine([
      "--test-type",
      "comprehensive",
      "--resume",
      "r.txt",
      ...argv,
    ]) as RunCommand;
    return { resume, output, format };
  };
  assertEquals(filesOf(), { resume: "r.txt", output: "r.txt", format: "json" });
  assertEquals(filesOf("--output", "b.csv"), { resume: "r.txt", output: "b.csv", format: "csv" });
  assertEquals(filesOf("--format", "text"), { resume: "r.txt", output: null, format: "text" });
});
