import { assertEquals } from "@std/assert";
import { commandText } from "../../../../src/cli/terminal/command_text.ts";

Deno.test("commandText() shows the names of members of requests, and none of their values", () => {
  const json = '{"user": "s3cret", "metadata": {"account": "s3cret"}, "top_a": 1}';
  const masked = '{"user":"***","metadata":"***","top_a":"***"}';
  assertEquals(
    commandText(["--extra-body", json, `--extra-body=${json}`]),
    `deno task run --extra-body '${masked}' '--extra-body=${masked}'`,
  );
  for (const odd of ["s3cret", '["s3cret"]', '{"user": "s3cret"']) {
    assertEquals(commandText(["--extra-body", odd]), "deno task run --extra-body '***'");
  }
});
