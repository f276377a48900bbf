import { assertEquals } from "@std/assert";
import { type Console, pageOptionsOf } from "../../../src/cli/terminal/console.ts";

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
  assertEquals(pageOptionsOf({ ...console, width: 300 }, null).width, 100);
  assertEquals(pageOptionsOf(console, null), { ascii: false, color: true });
});

Deno.test("pageOptionsOf() writes files without colours and whatever the terminal", () => {
  assertEquals(pageOptionsOf({ ...console, width: 80 }, "results.txt"), { ascii: false });
});
