import { assertEquals } from "@std/assert";
import { askedOfCommand } from "../../../src/cli/resume/asked_of_command.ts";

const ONE = { workers: 1, start: null };

Deno.test("askedOfCommand() tells what decides which answers are taken, where it is not the usual", () => {
  const most = (bytes: number) => askedOfCommand(ONE, { maxResponse: { bytes, name: "--max-response" } });
  assertEquals([most(64 * 2 ** 20), most(2 ** 20)], [{}, { maxResponse: "1048576 bytes" }]);
});

Deno.test("askedOfCommand() tells the names of what may be secret alone", () => {
  const asked = askedOfCommand(ONE, { headers: { "X-Key": "secret" }, query: [["key", "secret"]] });
  assertEquals(asked, { headers: "x-key", query: "key" });
});
