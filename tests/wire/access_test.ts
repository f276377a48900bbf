import { assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { accessSecrets, parseProxy } from "../../src/wire/access.ts";

Deno.test("parseProxy() never shows a password", () => {
  for (const proxy of ["hunter2hunter2", "ftp://a:hunter2hunter2@b", "http://"]) {
    const error = assertThrows(() => parseProxy(proxy), UsageError);
    assertFalse(`${error.message} ${error.hint}`.includes("hunter2"), proxy);
  }
  const secrets = accessSecrets({ proxy: "http://me:p%40ssword@proxy:1" });
  assertStringIncludes(secrets.join(" "), "p@ssword");
  assertStringIncludes(secrets.join(" "), "p%40ssword");
});
