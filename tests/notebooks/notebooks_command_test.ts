import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeNotebook } from "./make_notebook.ts";

const TASK = fileURLToPath(new URL("../../tasks/notebooks.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../tasks/deno.json", import.meta.url));

/** The real command in a folder of its own, with the notebooks given. */
function start(folder: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, TASK, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function run(folder: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await start(folder, args).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

async function folderWith(notebooks: Readonly<Record<string, string>>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  for (const [name, json] of Object.entries(notebooks)) await Deno.writeTextFile(`${folder}/${name}.ipynb`, json);
  return folder;
}

Deno.test("the command runs notebooks with their parameters, renders each, and fails with the cell that failed", async () => {
  const folder = await folderWith({
    passing: makeNotebook([{ markdown: "# Passing" }, 'console.log("given " + Deno.env.get("MODEL"))']),
    failing: makeNotebook(['"kept"', 'throw new Error("boom")', "3"]),
  });
  const { code, out, err } = await run(folder, "./failing.ipynb", "./passing.ipynb", "MODEL=a=b");
  assertEquals([code, err], [1, ""]);
  assertEquals(out.replace(/ +\d+\.\d s/g, " N s").replace(/\d+ KB/g, "N KB").split("\n"), [
    "✗ failing N s  reports/failing.html (N KB)",
    '  Code cell 2 ("throw new Error("boom")") failed with Error: boom',
    "✓ passing N s  reports/passing.html (N KB)",
    "1 passed, 1 failed, N s",
    "",
  ]);
  assertStringIncludes(await Deno.readTextFile(`${folder}/reports/failing.html`), "kept");
  assertStringIncludes(await Deno.readTextFile(`${folder}/reports/passing.html`), "given a=b");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("no page shows a secret that cells read from the environment, nor the command where a cell fails by it", async () => {
  const folder = await folderWith({
    printing: makeNotebook([
      'console.log(Deno.env.get("API_KEY"), Deno.env.get("HF_TOKEN")); `${Deno.env.get("URL")} <b>`',
      'console.log(Deno.env.get("AWS_SESSION_TOKEN"), new URL(Deno.env.get("KEYED")).username, Deno.env.get("GDMSESSION"))',
      'await Deno.jupyter.broadcast("display_data", { data: { "text/html": `<p>${Deno.env.get("API_KEY")}</p>` }, metadata: {} })',
    ]),
    failing: makeNotebook(['throw new Error("no answer of " + Deno.env.get("URL") + Deno.env.get("API_KEY"))']),
  });
  const given = [
    ...["API_KEY=canary-a&<b>", "HF_TOKEN=canary-of-hf", "URL=http://me:canary-url@h/?token=canary-query"],
    ...["AWS_SESSION_TOKEN=canary-session", "KEYED=http://canary-name@h", "GDMSESSION=wayland"],
  ];
  const { code, out, err } = await run(folder, "./printing.ipynb", "./failing.ipynb", "--ipynb", ...given);
  assertEquals([code, err], [1, ""]);
  const pages = await Promise.all(
    ["printing.html", "failing.html", "printing.ipynb", "failing.ipynb"].map((name) =>
      Deno.readTextFile(`${folder}/reports/${name}`)
    ),
  );
  for (const written of [out, ...pages]) assertEquals(written.match(/.*canary.*/g), null);
  assertStringIncludes(pages[0]!, "API_KEY=***");
  assertStringIncludes(pages[0]!, "*** *** wayland");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("--ipynb writes the executed notebook as well, --no-input hides code in both", async () => {
  const folder = await folderWith({ shown: makeNotebook(["1 + 1", 'throw new Error("boom")']) });
  const path = `${folder}/reports/shown`;
  const withCode = await run(folder, "--ipynb", "./shown.ipynb");
  assertEquals([withCode.code, withCode.err], [1, ""]);
  assertMatch(withCode.out, /reports\/shown\.html \(\d+ KB\), reports\/shown\.ipynb \(\d+ KB\)\n/);
  const [first, second] = JSON.parse(await Deno.readTextFile(`${path}.ipynb`)).cells;
  assertEquals([first.outputs, first.execution_count, first.metadata], [
    [{ output_type: "display_data", data: { "text/plain": "2" }, metadata: {} }],
    1,
    {},
  ]);
  assertEquals([second.outputs[0].output_type, second.outputs[0].evalue], ["error", "boom"]);

  await run(folder, "./shown.ipynb", "--no-input", "--ipynb");
  const [folded] = JSON.parse(await Deno.readTextFile(`${path}.ipynb`)).cells;
  assertEquals(folded.metadata, { jupyter: { source_hidden: true }, tags: ["hide-input"] });
  const code = (await Deno.readTextFile(`${path}.html`)).match(/<pre class="code".*?<\/pre>/gs) ?? [];
  assertEquals(code.length, 1, "that of the cell which failed");
  assertStringIncludes(code[0]!, "boom");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the command says what it cannot run before it runs anything", async () => {
  const folder = await folderWith({ good: makeNotebook(["1"]), malformed: "{", python: '{"nbformat": 4}' });
  const cases: readonly [args: readonly string[], message: string][] = [
    [["./nowhere.ipynb"], "Cannot run the notebook"],
    [["./good.ipynb", "./malformed.ipynb"], "Cannot run the notebook malformed.ipynb as it must be JSON"],
    [["./python.ipynb"], "as it must be of nbformat 4: at metadata found undefined"],
    [
      ["./good.ipynb", "./other/good.ipynb"],
      "as each names its page in reports/: found good.ipynb and other/good.ipynb",
    ],
    [["nowhere"], 'Cannot run the notebook "nowhere" as it must be one of 01_quick_start, 02_cold_start'],
    [["."], 'Cannot run the notebook "." as it must be one of'],
    [["./good.ipynb", "=1"], 'as a parameter must be NAME=value: found "=***"'],
    [["./good.ipynb", "--time-limit", "never"], '--time-limit must be seconds, more than 0: found "never"'],
    [["./good.ipynb", "--time-limit", "0"], '--time-limit must be seconds, more than 0: found "0"'],
    [["--fast"], 'there is no such option: found "--fast"'],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await run(folder, ...args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertStringIncludes(err, message);
    assertEquals(err.includes("    at "), false, err);
  }
  await Deno.writeTextFile(`${folder}/reports`, "a file where the folder should be");
  const { code, err } = await run(folder, "./good.ipynb");
  assertEquals(code, 2);
  assertStringIncludes(err, "Cannot render notebooks as files must be writable in the folder reports/");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the command ends a cell that never ends, at its limit or by Ctrl-C, and keeps what it showed", async () => {
  const folder = await folderWith({
    endless: makeNotebook(['console.log("shown"); await Deno.writeTextFile("runs", ""); await new Promise(() => {})']),
  });
  const limited = await run(folder, "./endless.ipynb", "--time-limit", "1");
  assertEquals(limited.code, 1);
  assertStringIncludes(limited.out, "did not end within 1 s, the limit of a cell.");
  const page = `${folder}/reports/endless.html`;
  assertStringIncludes(await Deno.readTextFile(page), '<pre class="stdout" tabindex="0">shown</pre>');
  await Promise.all([page, `${folder}/runs`].map((path) => Deno.remove(path)));

  const running = start(folder, ["./endless.ipynb"]);
  const output = running.output();
  const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);
  do await new Promise((resolve) => setTimeout(resolve, 100)); while (!await isThere(`${folder}/runs`));
  running.kill("SIGINT");
  const { code, stdout } = await output;
  assertEquals(code, 4);
  assertStringIncludes(new TextDecoder().decode(stdout), "was interrupted.");
  assertStringIncludes(await Deno.readTextFile(page), "shown");
  await Deno.remove(folder, { recursive: true });
});
