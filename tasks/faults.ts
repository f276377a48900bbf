/**
 * Whether the command fails well: the real command against servers that misbehave, every mode of them with the basic test,
 * and most kinds with every test type. `deno task dev:faults --help`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { alignColumns } from "../src/report/text/align.ts";
import { matrixCells } from "../tests/faults/matrix/matrix_modes.ts";
import {
  type JudgedCell,
  type MatrixResults,
  readMatrix,
  RESULTS,
  runMatrix,
  saveMatrix,
  totals,
} from "../tests/faults/matrix/matrix_results.ts";
import { type Dialect, DIALECTS } from "../tests/faults/mode.ts";
import { ALL_MODES } from "../tests/faults/modes.ts";
import { ALL_TEST_TYPES, type TestType } from "../tests/faults/test_types.ts";

const HELP = `Runs the real command against servers that misbehave in ${ALL_MODES.length} ways.

Usage: deno task dev:faults [options]

  --only MODE,...         These modes alone; * stands for any letters
  --test-types TYPE,...   These test types alone (${ALL_TEST_TYPES.slice(0, 3).join(", ")},
                          ${ALL_TEST_TYPES.slice(3, 7).join(", ")},
                          ${ALL_TEST_TYPES.slice(7).join(", ")}); with
                          --only also of modes that otherwise run basic alone
  --protocol NAME         What the servers speak, for modes that it has
                          (${DIALECTS.slice(0, 3).join(", ")},
                          ${DIALECTS.slice(3).join(", ")})
                          [default: of each mode the usual one]
  --jobs N                Cells at a time [default: the machine's cores]
  --output FILE           Where the figures go, JSON [default: of a whole run
                          reports/faults/results.json]
  --go-on                 Keeps the right cells of that file and tries the others
  --list                  What there is: modes and what each does
  -h, --help              Show this help

Every cell must end in time with the right exit code; failures have the right
reasons and are as many as the server put in; no latency holds a failure; memory
stays below 700 MB; no process, file or connection is left; stderr holds words
instead of traces. Ends with 1 where a cell is wrong.
`;

const NAMES = ["only", "test-types", "protocol", "jobs", "output"];

function print(text: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(text);
}

function list(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(",");
}

function testTypes(value: string | undefined): readonly TestType[] {
  return list(value).map((name) => {
    const found = ALL_TEST_TYPES.find((testType) => testType === name);
    if (found !== undefined) return found;
    throw new TypeError(`Cannot try "${name}" as a test type must be one of ${ALL_TEST_TYPES.join(", ")}`);
  });
}

function dialectNamed(name: string): Dialect {
  const found = DIALECTS.find((dialect) => dialect === name);
  if (found === undefined) throw new TypeError(`Cannot speak "${name}" as it must be one of ${DIALECTS.join(", ")}`);
  return found;
}

/** The run to go on with; none where that is the first. */
async function keptMatrix(path: string): Promise<MatrixResults | null> {
  try {
    return await readMatrix(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function cellLine({ mode, testType, seconds, peakMb, flaws }: JudgedCell, progress: string): string {
  const memory = peakMb === null ? "" : ` ${peakMb.toFixed(0)} MB`;
  const head = `${flaws.length === 0 ? "ok   " : "WRONG"} ${progress} ${mode} x ${testType}, ${
    seconds.toFixed(1)
  } s${memory}`;
  return [head, ...flaws.map((flaw) => `        ${flaw}`)].join("\n");
}

function table(results: MatrixResults): string {
  const rows = totals(results);
  return alignColumns(rows.map((row) => [...row]), rows[0]!.map((_, column) => column === 0 ? "left" : "right")).join(
    "\n",
  );
}

async function main(argv: readonly string[]): Promise<number> {
  const args = parseArgs([...argv], {
    string: NAMES,
    boolean: ["help", "list", "go-on"],
    alias: { h: "help" },
    unknown: (name) => {
      throw new TypeError(`Cannot use "${name}": --help lists the options`);
    },
  });
  if (args.help || args.list) {
    print(args.help ? HELP : ALL_MODES.map(({ name, does }) => `${name.padEnd(34)} ${does}`).join("\n"));
    return 0;
  }
  const dialect = args.protocol === undefined ? {} : { dialect: dialectNamed(args.protocol) };
  const choice = { only: list(args.only), testTypes: testTypes(args["test-types"]), ...dialect };
  const isWhole = choice.only.length === 0 && choice.testTypes.length === 0 && args.protocol === undefined;
  const cells = matrixCells(choice);
  const jobs = Number(args.jobs ?? navigator.hardwareConcurrency);
  if (!Number.isInteger(jobs) || jobs < 1) throw new TypeError(`Cannot run "${args.jobs}" at a time: give a number`);
  const path = args.output ?? (isWhole ? RESULTS : null);
  const kept = args["go-on"] && path !== null ? await keptMatrix(path) : null;
  let saving = Promise.resolve();
  const results = await runMatrix(cells, {
    jobs,
    kept,
    onCell(cell, done, soFar) {
      print(cellLine(cell, `${done}/${cells.length}`));
      if (path !== null) saving = saving.then(() => saveMatrix(soFar, path));
    },
  });
  await saving;
  print(`\n${table(results)}\n`);
  if (path !== null) await saveMatrix(results, path);
  const wrong = results.cells.filter(({ flaws }) => flaws.length > 0);
  for (const cell of wrong) print(cellLine(cell, ""));
  print(
    `${cells.length - wrong.length} of ${cells.length} right${path === null ? "" : `; the figures are in ${path}`}`,
  );
  return wrong.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // deno-lint-ignore no-console -- this is a command
    console.error(`Error: ${error.message}`);
    Deno.exit(2);
  }
}
