/**
 * What torchgauge's client costs beside wrk, hey, ab, autocannon and bare sockets, each in a process of its own on a core
 * of its own, in turn: `deno task dev:bench --help`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../src/core/errors.ts";
import { runProgram } from "../agreement/install.ts";
import { MissingToolError } from "../agreement/peer.ts";
import { type Bar, verdictOf } from "./bar.ts";
import { BodyFiles } from "./clients/body_file.ts";
import type { Bench, Measurement } from "./measurement.ts";
import { constantTime } from "./measurements/constant_time.ts";
import { largeBodies, pythonServer } from "./measurements/large_bodies.ts";
import { lateness } from "./measurements/lateness.ts";
import { loopLag } from "./measurements/loop_lag.ts";
import { memory } from "./measurements/memory.ts";
import { oneConnection } from "./measurements/one_connection.ts";
import { smallBodies } from "./measurements/small_bodies.ts";
import { startUp } from "./measurements/start_up.ts";
import { streams } from "./measurements/streams.ts";
import { machineName, RESULTS, saveResults } from "./results.ts";
import type { Row } from "./row.ts";
import { compileSink, startSink } from "./servers/sink.ts";
import { textTable } from "./table.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  "small-bodies": smallBodies,
  "large-bodies": largeBodies,
  "python-server": pythonServer,
  "constant-time": constantTime,
  "one-connection": oneConnection,
  "loop-lag": loopLag,
  "lateness": lateness,
  "start-up": startUp,
  "memory": memory,
  "streams": streams,
};

const HELP = `deno task dev:bench [options]

  --only NAME    a measurement; may be given several times. There are:
                 ${Object.keys(MEASUREMENTS).join(", ").replace(", loop-lag", ",\n                 loop-lag")}
  --pairs N      rounds; in each every client measures once (default 5, with --quick 2)
  --seconds N    length of each measurement (default 3, with --quick 1)
  --quick        a first look

The others come from Debian and npm; what is missing is left out and named:
  apt-get install nginx-light wrk hey apache2-utils gcc nodejs npm python3-venv

The figures are kept in reports/bench/results.json; "deno task dev:readme --bench" shows them in README.md.
Exit codes: 0 all bars are held, 1 some are not, 2 wrong usage, 3 something must be installed.
`;

interface Options {
  readonly only: readonly string[];
  readonly pairs: number;
  readonly seconds: number;
  readonly quick: boolean;
}

function readOptions(args: readonly string[]): Options | "help" {
  const given = parseArgs([...args], {
    string: ["only", "pairs", "seconds"],
    collect: ["only"],
    boolean: ["help", "quick"],
    unknown: (argument) => {
      throw new UsageError(`Cannot measure as --help must name the option: found "${argument}"`);
    },
  });
  if (given.help) return "help";
  const { quick, pairs = quick ? "2" : "5", seconds = quick ? "1" : "3" } = given;
  const wrong = given.only.find((name) => !(name in MEASUREMENTS));
  if (wrong !== undefined) {
    throw new UsageError(`Cannot measure as --only must be ${Object.keys(MEASUREMENTS).join(", ")}: found "${wrong}"`);
  }
  if (![pairs, seconds].map(Number).every((number) => Number.isSafeInteger(number) && number > 0)) {
    throw new UsageError("Cannot measure as --pairs and --seconds must be whole numbers > 0");
  }
  return {
    only: given.only.length > 0 ? given.only : Object.keys(MEASUREMENTS),
    pairs: Number(pairs),
    seconds: Number(seconds),
    quick,
  };
}

async function measureAll({ only, ...options }: Options): Promise<readonly Bar[]> {
  await runProgram("taskset", ["--version"]);
  if (navigator.hardwareConcurrency < 2) throw new MissingToolError("Cannot measure as there must be two cores");
  const date = new Date().toISOString();
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_bench_" });
  const reasons = new Set<string>();
  const lacks = (reason: string) => void reasons.add(reason);
  try {
    const sink = await compileSink(folder).catch((error) => {
      if (!(error instanceof MissingToolError)) throw error;
      lacks(`${error.message}; without it nothing but small bodies can be measured`);
      return null;
    });
    const bench: Bench = {
      ...options,
      folder,
      bodies: new BodyFiles(folder),
      sink: sink === null ? null : (delayUs) => startSink(sink, delayUs),
      say,
      lacks,
    };
    const rows: Row[] = [], bars: Bar[] = [];
    for (const name of only) {
      const measured = await MEASUREMENTS[name]!(bench).catch((error) => {
        if (!(error instanceof MissingToolError)) throw error;
        lacks(error.message);
        return { rows: [], bars: [] };
      });
      rows.push(...measured.rows);
      bars.push(...measured.bars);
    }
    const { pairs, seconds } = options;
    const results = { date, machine: machineName(), pairs, seconds, rows, bars, lacks: [...reasons] };
    await saveResults(results);
    // deno-lint-ignore no-console -- this is a command
    console.log([...textTable(results), "", `Kept in ${RESULTS}`].join("\n"));
    return bars;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.error(line);
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      // deno-lint-ignore no-console -- this is a command
      console.log(HELP);
      return 0;
    }
    return (await measureAll(options)).some((bar) => verdictOf(bar) === "FAIL") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof MissingToolError)) throw error;
    say(error.message);
    return error instanceof MissingToolError ? 3 : 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
