import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { parseServerCommand } from "../../src/launch/server_command.ts";

const WORDS: readonly (readonly [what: string, text: string, words: readonly string[]])[] = [
  ["words", "  python  serve.py\t--port 8000 ", ["python", "serve.py", "--port", "8000"]],
  ["quotes", `python 'my server.py' "a b"`, ["python", "my server.py", "a b"]],
  ["quotes within a word", `python --name='a b'"c d"e`, ["python", "--name=a bc de"]],
  ["empty words", `python '' ""`, ["python", "", ""]],
  ["one quote in the other", `python "it's" 'say "hi"'`, ["python", "it's", 'say "hi"']],
  ["backslashes", String.raw`python a\ b "c\"d" 'e\f' "g\h"`, [
    "python",
    "a b",
    'c"d',
    String.raw`e\f`,
    String.raw`g\h`,
  ]],
  ["signs of a shell in quotes", `sh -c 'cd /srv && exec python serve.py'`, [
    "sh",
    "-c",
    "cd /srv && exec python serve.py",
  ]],
  ["a later assignment, which is an argument", "python A=1", ["python", "A=1"]],
];

for (const [what, text, words] of WORDS) {
  Deno.test(`parseServerCommand() reads ${what} as a shell does`, async () => {
    const { program, args, env } = parseServerCommand(text);
    assertEquals([[program, ...args], env], [words, {}]);
    if (Deno.build.os === "windows") return;
    // A shell is the judge.
    const shell = new Deno.Command("sh", { args: ["-c", `printf '%s\\0' ${text}`] });
    const { stdout } = await shell.output();
    assertEquals([program, ...args], new TextDecoder().decode(stdout).split("\0").slice(0, -1));
  });
}

Deno.test("parseServerCommand() takes variables before the program for its environment", () => {
  const { env, program } = parseServerCommand(`CUDA_VISIBLE_DEVICES=0,1 TOKEN='a b' X= python serve.py`);
  assertEquals([env, program], [{ CUDA_VISIBLE_DEVICES: "0,1", TOKEN: "a b", X: "" }, "python"]);
});

Deno.test("parseServerCommand() refuses what only a shell can do, and shows no word of it", () => {
  const refused = [
    "python secret > log",
    "python secret | tee",
    "A=secret && python",
    "python $SECRET",
    'python "$SECRET"',
    "python `secret`",
    "~/secret/python",
    "python 'secret",
    'python "secret',
    "SECRET=1",
    "''",
    "  ",
  ];
  for (const text of refused) {
    const error = assertThrows(() => parseServerCommand(text), UsageError, "Cannot start the server as its command");
    assert(!/secret/i.test(error.message + error.hint), error.message);
  }
});
