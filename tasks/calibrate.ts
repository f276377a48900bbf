/**
 * Whether the numbers hold: every test type against servers of known behaviour, over many seeds. Prints the bias of each
 * headline number, how often its 95 % interval holds the truth, and how often verdicts are right.
 * `deno task dev:calibrate --virtual` takes some minutes; without it each run starts a real server, and all take hours.
 */
import { parseArgs } from "@std/cli/parse-args";
import { Journal } from "../tests/calibration/long_run/journal.ts";
import { runScenarios } from "../tests/calibration/long_run/run_scenarios.ts";
import { type Scenario, SCENARIOS } from "../tests/calibration/scenarios.ts";
import { formatDurations, formatScores, formatSummary } from "../tests/calibration/table.ts";

const HELP = `deno task dev:calibrate [options]

  --seeds N         runs of each scenario (default 20)
  --first-seed N    the first of them (default 1): others show what thresholds that were found on some are worth
  --scenarios a,b   scenarios or test types by name (default: all); --list names them
  --virtual         simulated servers in virtual time instead of real ones
  --durations       also how long the runs of each scenario took, in the median; with --virtual
  --minutes N       begin no further run after N minutes (default 60)
  --journal FILE    keep each run in FILE, and do not run again what stands there: who is cut off goes on
  --list            the scenarios; with --journal the mean time of a run, s
`;

interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly scenarios: readonly Scenario[];
  readonly virtual: boolean;
  readonly durations: boolean;
  readonly minutes: number;
  readonly journal: Journal;
}

function readOptions(args: readonly string[]): Options | string {
  const given = parseArgs([...args], {
    string: ["seeds", "first-seed", "scenarios", "minutes", "journal"],
    boolean: ["virtual", "durations", "list", "help"],
    default: { seeds: "20", "first-seed": "1", minutes: "60" },
  });
  if (given.help) return HELP;
  const [seeds, firstSeed, minutes] = [given.seeds, given["first-seed"], given.minutes].map(Number) as [
    number,
    number,
    number,
  ];
  if (![seeds, firstSeed].every((each) => Number.isSafeInteger(each) && each > 0) || !(minutes > 0)) {
    throw new RangeError(
      `Cannot calibrate as --seeds, --first-seed and --minutes must be > 0: found ${given.seeds}, ${
        given["first-seed"]
      } and ${given.minutes}`,
    );
  }
  if (given.durations && !given.virtual) {
    throw new RangeError(
      "Cannot tell durations as real time is not that of the runs alone: --durations needs --virtual",
    );
  }
  const wanted = given.scenarios?.split(",");
  const unknown = wanted?.find((name) => !SCENARIOS.some((scenario) => [scenario.name, scenario.test].includes(name)));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot calibrate as a scenario must be one of --list: found "${unknown}"`);
  }
  const journal = new Journal(given.journal ?? null);
  const { virtual, durations } = given;
  const scenarios = SCENARIOS.filter(({ name, test }) => wanted?.some((each) => [name, test].includes(each)) ?? true)
    .filter(({ only }) => only === undefined || (only === "virtual") === virtual);
  return given.list
    ? listed(scenarios, virtual, journal)
    : { seeds, firstSeed, scenarios, virtual, durations, minutes, journal };
}

function listed(scenarios: readonly Scenario[], virtual: boolean, journal: Journal): string {
  return scenarios.map(({ test, name }) => {
    const times = journal.of(name, virtual).map(({ tookMs }) => tookMs / 1000);
    const mean = times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
    return `${test.padEnd(12)} ${name.padEnd(28)} ${times.length === 0 ? "" : mean.toFixed(1)}`.trimEnd();
  }).join("\n") + "\n";
}

async function run({ seeds, firstSeed, scenarios, virtual, durations, minutes, journal }: Options): Promise<string> {
  const endMs = performance.now() + 60_000 * minutes;
  const { scored, failures } = await runScenarios({
    scenarios,
    seeds,
    firstSeed,
    virtual,
    goesOn: () => performance.now() < endMs,
    onRun: ({ test, name }, seed) =>
      write(Deno.stderr, `${test} ${name}: seed ${seed} of ${firstSeed} to ${firstSeed + seeds - 1}\n`),
  }, journal);
  if (failures.length > 0) Deno.exitCode = 1;
  const date = new Date().toISOString().slice(0, 10);
  const how = virtual ? "in virtual time" : "against real processes";
  const which = firstSeed === 1 ? "" : ` from ${firstSeed}`;
  const caption = `${date}, ${seeds} seeds${which} of each of ${scored.length} scenarios ${how}:`;
  const failed = failures.length === 0 ? "" : `\nFailed to run, and missing above:\n${failures.join("\n")}\n`;
  const times = durations ? `\n${formatDurations(scored)}\n` : "";
  return `${
    scored.length === 0 ? "" : `${formatScores(scored)}\n\n${formatSummary(scored, caption)}\n`
  }${times}${failed}`;
}

function write(to: typeof Deno.stdout, text: string): void {
  to.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  try {
    const options = readOptions(Deno.args);
    if (typeof options === "string") write(Deno.stdout, options);
    else write(Deno.stdout, await run(options));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    write(Deno.stderr, `${error.message}\n`);
    Deno.exitCode = 2;
  }
}
