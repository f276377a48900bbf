import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type Console, mayColor, pageOptionsOf } from "../../../src/cli/terminal/console.ts";

const console: Console = {
  write: () => Promise.resolve(),
  error: () => {},
  draw: () => {},
  terminalColumns: () => null,
  color: true,
  ascii: false,
};

Deno.test("pageOptionsOf() writes as wide as the terminal is, up to what reads well, and elsewhere as wide as ever", () => {
  assertEquals(pageOptionsOf({ ...console, width: 80 }, null), { ascii: false, color: true, width: 80 });
  assertEquals([40, 110, 300].map((width) => pageOptionsOf({ ...console, width }, null).width), [60, 110, 120]);
  assertEquals(pageOptionsOf(console, null), { ascii: false, color: true });
});

Deno.test("pageOptionsOf() writes files without colours and whatever the terminal", () => {
  assertEquals(pageOptionsOf({ ...console, width: 80 }, "results.txt"), { ascii: false });
});

Deno.test("mayColor() colours a terminal that can unless NO_COLOR is set, and FORCE_COLOR decides before that", () => {
  const where = { force: undefined, never: false, terminal: "xterm", isTerminal: true };
  assertEquals(mayColor(where), true);
  for (const not of [{ never: true }, { terminal: "dumb" }, { isTerminal: false }, { force: "0" }]) {
    assertEquals(mayColor({ ...where, ...not }), false, JSON.stringify(not));
  }
  assertEquals(mayColor({ ...where, force: "1", never: true, isTerminal: false }), true);
});

/** Runs a script of the shell that runs the command. */
async function shell(script: string) {
  const main = fileURLToPath(import.meta.resolve("../../../src/cli/main.ts"));
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, Deno.execPath(), "run", "-A", "--quiet", main],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("stdout that is full ends with 5 and one message, a reader that went away with neither", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const full = await shell('"$0" "$@" --help >/dev/full');
  assertEquals([full.code, full.stderr], [
    5,
    "Error: Cannot write to stdout as it must be writable: No space left on device\n",
  ]);
  const gone = await shell('"$0" "$@" --help | head -1; exit ${PIPESTATUS[0]}');
  assertEquals([gone.code, gone.stderr], [0, ""]);
  assertStringIncludes(gone.stdout, "Measures");
});

Deno.test("stderr that is full or closed changes nothing", { ignore: Deno.build.os !== "linux" }, async () => {
  for (const stderr of ["/dev/full", "&-"]) {
    const { code, stdout } = await shell(`"$0" "$@" --no-such-option 2>${stderr}`);
    assertEquals([code, stdout], [2, ""]);
  }
});
