import { assertStringIncludes } from "@std/assert";

const MODULE = new URL("../../src/launch/drop_caches.ts", import.meta.url).href;

// With all permissions it would drop the cache of the machine that runs the tests.
Deno.test("checkDropCaches() refuses where a permission is lacking, and says what to leave out", async () => {
  const code = `import { checkDropCaches } from "${MODULE}";
    await checkDropCaches().catch((error) => console.log(error.name, error.message, error.hint));`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, code);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "--allow-read", "--allow-write", path],
  });
  const said = new TextDecoder().decode((await command.output()).stdout);
  await Deno.remove(path);
  assertStringIncludes(said, "UsageError Cannot drop the page cache as ");
  assertStringIncludes(said, "Leave dropCaches out");
  if (Deno.build.os === "linux") assertStringIncludes(said, "all permissions (deno run -A)");
});
