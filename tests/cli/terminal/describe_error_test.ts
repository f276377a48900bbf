import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { flagOf } from "../../../src/cli/options/options.ts";
import { exitCodeOf } from "../../../src/cli/terminal/exit_code.ts";
import { describeError } from "../../../src/cli/terminal/describe_error.ts";
import { TargetError, UsageError } from "../../../src/core/errors.ts";
import { naming, option } from "../../../src/core/option_words.ts";
import { WANTS_AUTHENTICATION } from "../../../src/protocols/shared/authentication.ts";
import { fromFileUrl } from "../paths.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../../src/cli/main.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../../deno.json"));

Deno.test("describeError() calls options by their flags, which the library calls by their keys", () => {
  const hint = naming`Use ${option("batchSize", 1)}, or ${option("inputs")} and ${option("access.ca")}.`;
  const error = new UsageError(naming`Cannot start as "${option("coldStarts")}" must be > 0`, { hint });
  assertEquals(error.message, 'Cannot start as "coldStarts" must be > 0');
  assertEquals(error.hint, "Use batchSize: 1, or inputs and access.ca.");
  assertEquals(
    describeError(error, false),
    'Error: Cannot start as "--cold-starts" must be > 0\n' +
      "Hint: Use --batch-size 1, or --input-data PATH and --ca-file FILE.",
  );
  assertEquals(
    describeError(new TargetError("It said 401", WANTS_AUTHENTICATION), false),
    "Error: It said 401\n" +
      "Hint: It wants authentication: give --token-env VAR, --token-file FILE or --header-env NAME=VAR.",
  );
});

Deno.test("describeError() shows words without options as they are, and a trace only of what nobody foresaw", () => {
  assertEquals(describeError(new UsageError("Cannot"), true), "Error: Cannot");
  assertEquals(describeError(new UsageError("Cannot", { hint: "Do." }), true), "Error: Cannot\nHint: Do.");
  assertEquals(describeError("text", true), "Error: text");
  assertStringIncludes(describeError(new Error("odd"), true), "describe_error_test.ts");
  assertStringIncludes(describeError(new Error("odd"), false), "--verbose");
});

Deno.test("the command refuses what the library would, before a server is asked, with its own names", () => {
  for (
    const [argv, words] of [
      ["--test-type load --rates 5 --ramp 1:9", 'only one of "--rates" and "--ramp" may be given'],
      ["--test-type load --rates 5 --burst 4 --arrivals poisson", '"--burst" needs constant arrivals'],
    ] as const
  ) {
    try {
      parseCommandLine(argv.split(" "), () => undefined);
      assert(false, argv);
    } catch (error) {
      assertStringIncludes(describeError(error, false), words);
    }
  }
});

/** Files of the layers below the command, with their texts. */
async function* sources(folder: string): AsyncGenerator<readonly [path: string, text: string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts")) yield [path, await Deno.readTextFile(path)];
  }
}

Deno.test("every option that a message below the command names has a flag", async () => {
  let seen = 0;
  for (const layer of ["core", "load", "measure", "observe", "protocols", "test_types", "wire"]) {
    for await (const [path, text] of sources(fromFileUrl(import.meta.resolve(`../../../src/${layer}`)))) {
      const code = text.replaceAll(/^ *(?:\*|\/\*\*|\/\/).*$/gm, "");
      for (const [, key] of code.matchAll(/\boption\("([^"]+)"/g)) {
        assert(flagOf({ key: key! }).startsWith("--"), `${path} names ${key}`);
        seen++;
      }
      assertNotMatch(code, /[Gg]ive --|[Uu]se --|[Ss]ee --|[Ww]rite --/, path);
    }
  }
  assert(seen > 10, `${seen}`);
});

Deno.test("describeError() names a permission that Deno lacks, and says nothing of a fault", () => {
  for (const message of ["", "Cannot make inputs: "]) {
    const error = new Error(`${message}Requires read access to "/a b", run again with the --allow-read flag`);
    assertEquals(
      describeError(error, false),
      'Error: Cannot go on as Deno must permit it: it was started without --allow-read, and requires read access to "/a b"\n' +
        "Hint: Give that flag beside the permissions of the task, or -A.",
    );
    assertEquals(exitCodeOf(error), 2);
  }
});

Deno.test("the command does not ask whether a server runs that it was not permitted to ask", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--deny-net", "--no-prompt", "--quiet", "--config", CONFIG, MAIN]
      .concat(["--test-type", "basic", "--url", "http://127.0.0.1:9"]),
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals([code, said.includes("Is the server running")], [3, false], said);
  assertStringIncludes(said, "run again with the --allow-net flag");
});

Deno.test("a permission that lacks before anything is read is told as well", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--deny-env", "--no-prompt", "--quiet", "--config", CONFIG, MAIN, "--version"],
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 2, said);
  assertMatch(said, /^Error: Cannot go on as Deno must permit it: it was started without --allow-env, .*\nHint: .*\n$/);
});
