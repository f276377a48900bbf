import { assertEquals } from "@std/assert";

const MODULE = import.meta.resolve("../../src/observe/permission.ts");

/** What a program with these flags sees. */
async function isEverythingPermitted(...flags: readonly string[]): Promise<string> {
  const script = `import { isEverythingPermitted } from "${MODULE}"; console.log(await isEverythingPermitted())`;
  const args = ["run", "--quiet", "--no-prompt", ...flags, `data:application/javascript,${encodeURIComponent(script)}`];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("isEverythingPermitted() takes -A for all, and less where anything is denied", async () => {
  assertEquals(await isEverythingPermitted("-A"), "true");
  assertEquals(await isEverythingPermitted("-A", "--deny-read=/proc"), "false");
  assertEquals(await isEverythingPermitted("-A", "--deny-write=/nowhere"), "false");
  assertEquals(await isEverythingPermitted("--allow-read", "--allow-import"), "false");
});
