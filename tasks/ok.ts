/**
 * The gate: every check of the project, the quick ones first. A step that passes is one line; one that fails shows what
 * it said. `deno task ok`, or `deno task ok --without test` where the tests run elsewhere.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

/** One step: the deno task of this name. Slow ones wait until all before them pass. */
interface Step {
  readonly task: string;
  readonly slow?: true;
}

const STEPS: readonly Step[] = [
  { task: "dev:fmt:check" },
  { task: "dev:lint" },
  { task: "dev:layers" },
  { task: "dev:files" },
  { task: "dev:check" },
  { task: "dev:notebooks:check" },
  { task: "dev:doc:lint" },
  { task: "dev:audit" },
  { task: "dev:doc:test", slow: true },
  { task: "test", slow: true },
];

/** What the tools say of their way to the result. */
const NOISE = /^(?:Check|Download|Initialize) .*\n/gm;

type Outcome = "passed" | "failed" | "not run";

/** Runs one task and tells how it went. */
async function run({ task }: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).replace(NOISE, "").trim());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  if (!success) print(said.filter((text) => text !== "").join("\n"));
  print(`${success ? "✓" : "✗"} ${task.padEnd(19)}${seconds} s   ${success ? summaryOf(said) : "failed"}`);
  return success ? "passed" : "failed";
}

/** The line in which a tool says how much it did, if it has one. */
function summaryOf(said: readonly string[]): string {
  const lines = said.flatMap((text) => text.split("\n"));
  return lines.findLast((line) => /^(?:Checked \d|\d+ files|ok \| |Not audited|No known vulnerabilities)/.test(line)) ??
    "";
}

function print(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(line);
}

if (import.meta.main) {
  const { without } = parseArgs(Deno.args, { string: ["without"], collect: ["without"] });
  const outcomes: Record<Outcome, string[]> = { "passed": [], "failed": [], "not run": [] };
  for (const step of STEPS.filter(({ task }) => !without.includes(task))) {
    const blocked = step.slow && outcomes.failed.length > 0;
    outcomes[blocked ? "not run" : await run(step)].push(step.task);
  }
  const said = Object.entries(outcomes).filter(([, tasks]) => tasks.length > 0)
    .map(([outcome, tasks]) => outcome === "passed" ? `${tasks.length} passed` : `${outcome}: ${tasks.join(", ")}`);
  print(`\n${outcomes.failed.length === 0 ? "ok" : "not ok"} | ${said.join(" | ")}`);
  if (outcomes.failed.length > 0) Deno.exit(1);
}
