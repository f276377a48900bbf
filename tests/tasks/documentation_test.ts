import { assert, assertEquals, assertMatch } from "@std/assert";
import { answer, openInference, PREDICTION } from "../cli/open_inference_server.ts";
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs Deno with the project's configuration. */
async function deno(args: readonly string[], cwd: string | URL) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("deno doc shows the public API without warnings of others' files", async () => {
  const { code, stdout, stderr } = await deno(["doc", "mod.ts"], ROOT);
  assertEquals([code, stderr.replace(/^(?:Check|Download|Initialize) .*\n/gm, "")], [0, ""]);
  assertMatch(stdout, /function runThroughputTest/);
});

Deno.test("the examples of mod.ts run against a server: a sweep with a chart, a gate and a comparison", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const examples = [...source.matchAll(/```ts no-eval\n([^]*?)```/g)].map(([, text]) => text!.replace(/^ \* ?/gm, ""));
  const [, sweep, gate, comparison] = examples;
  await using server = await openInference(() => answer(PREDICTION));
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  try {
    const shortened = (text: string) =>
      text.replaceAll("@torchgauge/torchgauge", new URL("mod.ts", ROOT).href)
        .replace("http://127.0.0.1:8080", server.url)
        .replace("resnet18", "m")
        .replace(/durationMs: [\d_]+/, "durationMs: 200")
        .replace("[1, 2, 4, 8]", "[1]");
    const files = { "sweep.ts": sweep!, "gate.ts": gate!, "comparison.ts": comparison! };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, shortened(text));
    await Deno.writeTextFile(
      `${folder}/main.ts`,
      `await import("./sweep.ts"); await import("./gate.ts");
       for (const name of ["before", "after"]) await Deno.copyFile("results.json", name + ".json");
       await import("./comparison.ts");`,
    );
    const config = fromFileUrl(new URL("deno.json", ROOT).href);
    const { stdout, stderr } = await deno(["run", "-A", "--quiet", "--config", config, "main.ts"], folder);
    assertEquals(stderr, "");
    assertMatch(stdout, /^1 \d[\d.]*\n/);
    assertMatch(stdout, /GATE: .*\n=+\n.*p99<100ms/);
    assertMatch(stdout, /COMPARISON/);
    assert((await Deno.readTextFile(`${folder}/throughput.svg`)).startsWith("<svg"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
