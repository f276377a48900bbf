import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import { checkRuntime, embeddedProgram, notFetched, ownWords } from "../../src/embedded/runtime.ts";

Deno.test("checkRuntime() says in one sentence where there is no runtime, and what to do", () => {
  for (const os of ["linux", "windows"] as const) {
    for (const arch of ["x86_64", "aarch64"] as const) {
      checkRuntime({ os, arch });
    }
  }
  checkRuntime({ os: "darwin", arch: "aarch64" });
  const intel = assertThrows(
    () => checkRuntime({ os: "darwin", arch: "x86_64" }),
    TargetError,
    "macOS on Intel",
  );
  assertStringIncludes(intel.hint!, "a server of your own");
  assertThrows(
    () => checkRuntime({ os: "freebsd", arch: "x86_64" }),
    TargetError,
    "freebsd",
  );
});

Deno.test("embeddedProgram() is this Deno, with a configuration of its own in a folder", () => {
  const here = embeddedProgram("file:///opt/torchgauge/src/embedded/main.ts", false);
  assertEquals(here.command, Deno.execPath());
  assertEquals(here.packages, ["--config", "/opt/torchgauge/src/embedded/deno.json"]);
  const remote = "https://example.org/src/embedded/main.ts";
  assertEquals(embeddedProgram(remote, false).module, remote);
  const { module } = embeddedProgram("https://jsr.io/@torchgauge/torchgauge/0.2.0/src/embedded/main.ts", false);
  assertMatch(module, /^jsr:@torchgauge\/torchgauge@\d+\.\d+\.\d+\/embedded$/);
});

Deno.test("embeddedProgram() of a compiled program never starts that program again", () => {
  const { command, module } = embeddedProgram("file:///tmp/deno-compile-x/src/embedded/main.ts", true);
  assertEquals(command, "deno");
  assertMatch(module, /^jsr:@torchgauge\/torchgauge@/);
});

Deno.test("a server that did not start is told from one whose runtime could not be fetched", () => {
  const offline = "Download https://registry.npmjs.org/a.tgz\nerror: Failed caching npm package 'a@1'\n\nCaused by:\n" +
    "    0: error sending request for url (https://registry.npmjs.org/a.tgz)\n    1: dns error\n";
  assertStringIncludes(notFetched(offline)!.message, "must be fetched once");
  assertEquals(notFetched("Cannot write the model file"), null);
  assertEquals(
    ownWords(
      "Download https://a/b\nerror: no\n\nStack backtrace:\n   0: <unknown>\n",
    ),
    "error: no",
  );
});
