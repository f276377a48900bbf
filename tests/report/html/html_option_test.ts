import { assertEquals, assertStringIncludes } from "@std/assert";
import { run, start } from "../../cli/command.ts";

Deno.test("--report writes the report of a single test, and the results go where they would without it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/r.html`;
  const bounds = ["--requests", "12", "--warmup", "2", "--model", "mobilenet_v2"];
  const { code, stdout, stderr } = await run(["--test-type", "basic", "--quick", ...bounds, "--report", path]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "BASIC TEST RESULTS");
  assertStringIncludes(stderr, `The report is in ${path}.`);
  const page = await Deno.readTextFile(path);
  await Deno.remove(folder, { recursive: true });
  assertStringIncludes(page, "<h1>mobilenet_v2</h1>");
  assertStringIncludes(page, `--report ${path}`);
  assertStringIncludes(page, 'class="torchgauge"');
});

Deno.test("--report that stops being writable during the run costs the report alone", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/gone/r.html`;
  await Deno.mkdir(`${folder}/gone`);
  const command = start(["--test-type", "basic", "--quick", "--model", "mobilenet_v2", "--verbose", "--report", path]);
  await command.seen("protocol torch-inference"); // after the check, before the end
  await Deno.remove(`${folder}/gone`, { recursive: true });
  const { code, stdout, stderr } = await command.finished;
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 5, stderr);
  assertStringIncludes(stdout, "BASIC TEST RESULTS");
  assertStringIncludes(stderr, `Error: Cannot write to "${path}" as its folder must exist: there is none.`);
});
