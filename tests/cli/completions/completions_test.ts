import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { completions, type Shell } from "../../../src/cli/completions/completions.ts";
import { OPTIONS } from "../../../src/cli/options/options.ts";

/** What a shell prints that runs some lines after the script; `null` where it is not installed. */
async function printed(shell: Shell, args: readonly string[], lines: string): Promise<string | null> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_completions_" });
  try {
    await Deno.writeTextFile(`${folder}/script`, completions(shell, OPTIONS));
    const { success, stdout, stderr } = await new Deno.Command(shell, {
      args: [...args, "-c", lines.replaceAll("SCRIPT", `${folder}/script`)],
      cwd: folder,
      env: { HOME: folder, XDG_CONFIG_HOME: folder },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ALL = OPTIONS.map(({ name }) => `--${name}`).sort();

Deno.test("bash completes options, their words, and files", async () => {
  const asked = (...words: readonly string[]) =>
    `COMP_WORDS=(torchgauge ${
      words.join(" ")
    }); COMP_CWORD=${words.length}; _torchgauge 2>/dev/null; echo "\${COMPREPLY[*]}"`;
  const said = await printed(
    "bash",
    ["--norc"],
    [
      "source SCRIPT",
      asked("--"),
      asked("--test-type", "lo"),
      asked("--test-type", "=", "me"),
      asked("--duration", '""'),
      asked("--list-models", "--list-d"),
    ].join("\n"),
  );
  if (said === null) return;
  const [options, ...rest] = said.trimEnd().split("\n");
  assertEquals(options!.split(" ").sort(), ALL);
  assertEquals(rest, ["load", "memory", "", "--list-downloadable"]);
});

Deno.test("fish completes options with their meaning, and their words", async () => {
  const said = await printed(
    "fish",
    ["--no-config"],
    [
      "source SCRIPT",
      "complete -C 'torchgauge --'",
      "echo ==",
      "complete -C 'torchgauge --format '",
    ].join("\n"),
  );
  if (said === null) return;
  const [options, words] = said.split("==\n");
  const names = (lines: string) => lines.trim().split("\n").map((line) => line.split("\t")[0]!).sort();
  assertEquals(names(options!), ALL);
  assertStringIncludes(options!, "--list-models\tList the models");
  assertEquals(names(words!), ["csv", "json", "md", "text"]);
});

Deno.test("zsh takes the script, and its options in the form of _arguments", async () => {
  // What zsh would complete needs a terminal: _arguments is asked to say what it was given.
  const said = await printed(
    "zsh",
    ["--no-rcs"],
    [
      "compdef() { : }",
      "source SCRIPT",
      "_arguments() { print -rl -- $@ }",
      "_torchgauge",
    ].join("\n"),
  );
  if (said === null) return;
  const specs = said.trimEnd().split("\n");
  const flags = specs.map((spec) => /^\*?(--?[a-z0-9-]+)\[/.exec(spec)?.[1] ?? spec);
  assertEquals(flags.filter((flag) => flag.startsWith("--")).sort(), ALL);
  assert(specs.some((spec) => /^--test-type\[.*\]:TYPE:\(basic .*\)$/.test(spec)), said);
  assert(specs.some((spec) => /^--output\[.*\]:FILE:_files$/.test(spec)), said);
  assert(specs.every((spec) => !/\[[^\]]*[^\\]\[[^\]]*\]/.test(spec)), "brackets in a description are escaped");
});
