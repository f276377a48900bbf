/**
 * Whether the numbers hold: every test type against servers of known behaviour, over many seeds. Prints the bias of each
 * headline number, how often its 95 % interval holds the truth, and how often verdicts are right.
 * `deno task dev:calibrate --virtual` takes about a minute; without it each run starts a real server.
 */
import { parseArgs } from "@std/cli/parse-args";
import { observeReally, timeVirtually } from "../tests/calibration/calibrate.ts";
import type { Observation } from "../tests/calibration/observation.ts";
import { type Scenario, SCENARIOS } from "../tests/calibration/scenarios.ts";
import { scoresOf } from "../tests/calibration/score.ts";
import { formatDurations, formatScores, formatSummary, type ScoredScenario } from "../tests/calibration/table.ts";

const HELP = `deno task dev:calibrate [options]

  --seeds N         runs of each scenario (default 20)
  --scenarios a,b   scenarios or test types by name (default: all); --list names them
  --virtual         simulated servers in virtual time instead of real ones
  --durations       also how long the runs of each scenario took, in the median; with --virtual
  --minutes N       begin no further run after N minutes (default 60)
  --list            the scenarios
`;

interface Options {
  readonly seeds: number;
  readonly scenarios: readonly Scenario[];
  readonly virtual: boolean;
  readonly durations: boolean;
  readonly minutes: number;
}

function readOptions(args: readonly string[]): Options | string {
  const given = parseArgs([...args], {
    string: ["seeds", "scenarios", "minutes"],
    boolean: ["virtual", "durations", "list", "help"],
    default: { seeds: "20", minutes: "60" },
  });
  if (given.help) return HELP;
  if (given.list) return SCENARIOS.map(({ test, name }) => `${test.padEnd(12)} ${name}`).join("\n") + "\n";
  const [seeds, minutes] = [Number(given.seeds), Number(given.minutes)];
  if (!(Number.isSafeInteger(seeds) && seeds > 0 && minutes > 0)) {
    throw new RangeError(
      `Cannot calibrate as --seeds and --minutes must be > 0: found ${given.seeds} and ${given.minutes}`,
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
  const scenarios = SCENARIOS.filter(({ name, test }) => wanted?.some((each) => [name, test].includes(each)) ?? true);
  return { seeds, scenarios, virtual: given.virtual, durations: given.durations, minutes };
}

/** Scenario by scenario, so that what time allows is whole. */
async function run({ seeds, scenarios, virtual, minutes }: Options): Promise<ScoredScenario[]> {
  const endMs = performance.now() + 60_000 * minutes;
  const scored: ScoredScenario[] = [];
  for (const scenario of scenarios) {
    const observations: Observation[] = [], durationsMs: number[] = [];
    for (let seed = 1; seed <= seeds && performance.now() < endMs; seed++) {
      write(Deno.stderr, `${scenario.test} ${scenario.name}: seed ${seed} of ${seeds}\n`);
      if (virtual) {
        const timed = await timeVirtually(scenario, seed);
        observations.push(...timed.observations);
        durationsMs.push(timed.durationMs);
      } else observations.push(...await observeReally(scenario, seed));
    }
    if (observations.length > 0) scored.push({ scenario, scores: scoresOf(observations), durationsMs });
  }
  return scored;
}

function write(to: typeof Deno.stdout, text: string): void {
  to.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  try {
    const options = readOptions(Deno.args);
    if (typeof options === "string") write(Deno.stdout, options);
    else {
      const scored = await run(options);
      const date = new Date().toISOString().slice(0, 10);
      const how = options.virtual ? "in virtual time" : "against real processes";
      const caption = `${date}, ${options.seeds} seeds of each of ${scored.length} scenarios ${how}:`;
      write(Deno.stdout, `${formatScores(scored)}\n\n${formatSummary(scored, caption)}\n`);
      if (options.durations) write(Deno.stdout, `\n${formatDurations(scored)}\n`);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    write(Deno.stderr, `${error.message}\n`);
    Deno.exitCode = 2;
  }
}
