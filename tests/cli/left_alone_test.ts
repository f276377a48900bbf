import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { start } from "./command.ts";
import { fromFileUrl } from "./paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));
const MEASURES = ["--test-type", "basic", "--rate", "20", "--duration", "120", "--verbose"];

/** A line that the command writes once it measures; the server is embedded. */
const FIRST_LINE = "requests/s offered";

async function inFolder(test: (output: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/r.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

/** Looks again and again; the test's own time limit ends it otherwise. */
async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The command below other programs, with its stderr in a file; kept so as no reader could end it by going away. */
async function startBelow(program: readonly string[], folder: string, stdin: "piped" | "null") {
  const log = `${folder}.log`;
  const [command, ...args] = [...program, ...MEASURES, "--output", folder];
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" >/dev/null 2>"$0"', log, command!, ...args],
    cwd: ROOT,
    stdin,
    env: { NO_COLOR: "1" },
  }).spawn();
  const said = () => {
    try {
      return Deno.readTextFileSync(log);
    } catch {
      return "";
    }
  };
  await until(() => said().includes(FIRST_LINE));
  const server = Number(/the embedded server is at \S+, process (\d+)/.exec(said())![1]);
  const text = await Deno.readTextFile(`/proc/${server}/status`);
  return { child, said, server, torchgauge: Number(/^PPid:\s+(\d+)/m.exec(text)![1]) };
}

const ONLY_LINUX = { ignore: Deno.build.os !== "linux" };
const DENO = [Deno.execPath(), "run", "-A", "--quiet", "src/cli/main.ts"];

Deno.test("a terminal that is gone ends the run as Ctrl-C does, and its end by other signals counts once", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const command = start([...MEASURES, "--format", "json"]);
  await command.seen(FIRST_LINE);
  command.signal("SIGHUP");
  await command.seen("The terminal is gone");
  command.signal("SIGHUP");
  const { code, stdout, stderr } = await command.finished;
  assertEquals(code, 4, stderr);
  assertEquals(parseReport(stdout).partial, "interrupted");
  const pid = Number(/the embedded server is at \S+, process (\d+)/.exec(stderr)![1]);
  assert(!isAlive(pid), "the embedded server is still there");
});

for (
  const { killed, by, program, stdin } of [
    { killed: "deno task", by: "SIGKILL", program: [Deno.execPath(), "task", "--quiet", "run"], stdin: "null" },
    {
      killed: "a shell that waits for it",
      by: "SIGKILL",
      program: ["sh", "-c", '"$@"; :', "sh", ...DENO],
      stdin: "piped",
    },
  ] as const
) {
  Deno.test(
    `where ${killed} is killed, the run ends and keeps what it measured`,
    ONLY_LINUX,
    () =>
      inFolder(async (output) => {
        const { child, said, server, torchgauge } = await startBelow(program, output, stdin);
        child.kill(by);
        await child.status;
        await until(() => !isAlive(torchgauge) && !isAlive(server));
        assertStringIncludes(said(), "The program that started torchgauge is gone");
        assertEquals(parseReport(await Deno.readTextFile(output)).partial, "interrupted");
        if (stdin === "piped") await child.stdin.close();
      }),
  );
}

Deno.test(
  "a run that a script put into the background outlives the script",
  ONLY_LINUX,
  () =>
    inFolder(async (output) => {
      // In a group of its own, as a terminal gives it: this test is another Deno above it, and as such would count.
      const program = ["setsid", "sh", "-c", '"$@" & sleep 1', "sh", ...DENO];
      const { child, said, server, torchgauge } = await startBelow(program, output, "null");
      await child.status;
      // Looked for once a second: it must have been seen.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert(isAlive(torchgauge));
      Deno.kill(torchgauge, "SIGTERM");
      await until(() => !isAlive(torchgauge) && !isAlive(server));
      assertStringIncludes(said(), "Told to end");
    }),
);
