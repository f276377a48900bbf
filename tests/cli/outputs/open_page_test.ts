import { assertEquals, assertMatch } from "@std/assert";
import { openPage } from "../../../src/cli/outputs/open_page.ts";

Deno.test("openPage() hands the whole path to the opener, and says where the page is where that fails", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const page = `${folder}/a page.html`, opener = `${folder}/opener`;
  await Deno.writeTextFile(page, "");
  const said: string[] = [];
  const console = { error: (text: string) => void said.push(text) };
  const write = (script: string) => Deno.writeTextFile(opener, `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  await write(`printf %s "$1" > '${folder}/opened'`);
  await openPage(page, console, opener);
  assertEquals([await Deno.readTextFile(`${folder}/opened`), said], [page, []]);

  await write("exit 3");
  await openPage(page, console, opener);
  await openPage(page, console, `${folder}/none`);
  await openPage(page, console, null);
  for (const text of said) assertMatch(text, /^The report was not opened: .*\. It is at file:\/\/.*a%20page\.html$/);
  assertMatch(said[0]!, /ended with 3/);
  assertMatch(said[1]!, /there is no .*none/);
  await Deno.remove(folder, { recursive: true });
});
