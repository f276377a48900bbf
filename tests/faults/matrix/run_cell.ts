import { fromFileUrl } from "../../cli/paths.ts";
import { FAKE_GENERIC } from "../../protocols/fake_generic.ts";
import { type Dialect, DIALECTS, type Mode } from "../mode.ts";
import { LANGUAGE_TEST_TYPES, TEST_TYPES, type TestType } from "../test_types.ts";
import { type BothCounts, type FaultProcess, type FaultUrls, startFaultProcess } from "./fault_process.ts";
import { MARK, peakMegabytes, processesWith } from "./processes.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../../src/cli/main.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../../deno.json"));
/** How the tasks start the command. */
const FLAGS = [
  "--v8-flags=--max-semi-space-size=4,--initial-old-space-size=24,--heap-growing-percent=50",
  "-A",
  "--quiet",
  "--no-check",
];
/** A busy machine takes this many times longer than a cell needs; longer is a hang. */
const LONGEST_MS: Readonly<Record<TestType, number>> = {
  basic: 60_000,
  latency: 90_000,
  throughput: 90_000,
  scalability: 90_000,
  prompts: 90_000,
  memory: 120_000,
  load: 90_000,
  ab: 90_000,
  comprehensive: 180_000,
};

/** One mode under one test type. */
export interface Cell {
  readonly mode: Mode;
  readonly testType: TestType;
  readonly dialect: Dialect;
}

/** What came of a cell. */
export interface CellRun {
  readonly args: readonly string[];
  /** The exit code; `null` where it had to be killed. */
  readonly code: number | null;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The results file, parsed; `null` where none was written. */
  // deno-lint-ignore no-explicit-any -- any kind of results
  readonly report: any;
  /** Outcomes of all requests that were recorded, warm-up included, and their number. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Latencies of the successes among them at the basic test, ms. */
  readonly latencies: readonly number[];
  readonly counts: BothCounts;
  /** Highest resident memory of the command, MB; `null` where the system does not tell. */
  readonly peakMb: number | null;
  /** What it left behind: files, processes, connections. */
  readonly left: readonly string[];
}

/** What a mode may be tried with under a test type, the usual one first; nothing where the mode is none of language models. */
export function dialectsOf({ dialects = DIALECTS }: Mode, testType: TestType): readonly Dialect[] {
  return LANGUAGE_TEST_TYPES.includes(testType) ? dialects.filter((dialect) => dialect === "openai") : dialects;
}

/** The cell of a mode in the protocol that it is usually tried with. */
export function cellOf(mode: Mode, testType: TestType, dialect = dialectsOf(mode, testType)[0]!): Cell {
  return { mode, testType, dialect };
}

/**
 * Runs the real command against a faulty server.
 *
 * @param cell What is tried.
 */
export async function runCell(cell: Cell): Promise<CellRun> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-faults-" });
  try {
    await using server = await startFaultProcess(cell.mode, cell.dialect);
    const [temporary, results, samples] = ["temporary", "results.json", "samples.csv"].map((name) =>
      `${folder}/${name}`
    );
    await Deno.mkdir(temporary!);
    const args = [...await argsOf(cell, server.first, folder), "--output", results!, "--samples", samples!];
    const ended = await runCommand(args, LONGEST_MS[cell.testType], temporary!);
    const { counts, open } = await settledCounts(server);
    const left = [
      ...ended.processes,
      ...[...Deno.readDirSync(temporary!)].map(({ name }) => `the temporary file ${name}`),
      ...[...Deno.readDirSync(folder)].filter(({ name }) => !EXPECTED_FILES.has(name)).map(({ name }) =>
        `the file ${name}`
      ),
      ...open === 0 ? [] : [`${open} connections`],
    ];
    const text = await textOf(results!);
    const report = text === "" ? null : JSON.parse(text);
    return { ...ended, args, report, ...rowsOf(await textOf(samples!)), counts, left };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const EXPECTED_FILES = new Set(["temporary", "results.json", "samples.csv", "generic.json", "items.json", "ca.pem"]);

async function argsOf(
  { testType, dialect }: Cell,
  { url, soundUrl, ca }: FaultUrls,
  folder: string,
): Promise<string[]> {
  const args = ["--test-type", testType, "--url", url];
  if (testType === "ab") args.push("--url", soundUrl);
  if (dialect === "generic") {
    await Deno.writeTextFile(`${folder}/generic.json`, JSON.stringify(FAKE_GENERIC));
    args.push("--generic", `${folder}/generic.json`);
  } else args.push("--protocol", "auto");
  // These do not say what their models take.
  if (dialect === "torchserve" || dialect === "generic") {
    await Deno.writeTextFile(`${folder}/items.json`, JSON.stringify(["one text", "another text"]));
    args.push("--input-data", `${folder}/items.json`);
  }
  if (dialect === "torchserve") args.push("--management-url", url);
  if (ca !== undefined) {
    await Deno.writeTextFile(`${folder}/ca.pem`, ca);
    args.push("--ca-file", `${folder}/ca.pem`);
  }
  const loads = ["latency", "memory", "comprehensive"].includes(testType) ? ["--load-timeout", "3"] : [];
  const short = ["--quick", "--warmup", "2", "--timeout", "2", "--model", "alpha", "--format", "json"];
  return [...args, ...short, ...loads, ...TEST_TYPES[testType]];
}

async function runCommand(args: readonly string[], longestMs: number, temporary: string) {
  const mark = crypto.randomUUID(), startedAt = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...FLAGS, "--config", CONFIG, MAIN, ...args],
    env: { NO_COLOR: "1", COLUMNS: "80", TMPDIR: temporary, [MARK]: mark },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakMb: number | null = null, killed = false;
  const watch = setInterval(async () => {
    peakMb = await peakMegabytes(child.pid) ?? peakMb;
    if (performance.now() - startedAt < longestMs || killed) return;
    killed = true;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }, 100);
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1000;
  const processes = (await leftWith(mark)).map((process) => `the process ${process}`);
  return { code: killed ? null : code, seconds, stdout, stderr, peakMb, processes };
}

/** Processes of a run that outlive it. What ends as its pipe closes may do so a moment later. */
async function leftWith(mark: string): Promise<readonly string[]> {
  for (let tries = 0;; tries++) {
    const left = await processesWith(mark);
    if (left.length === 0 || tries === 20) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The server's counts once it has seen that the client is gone. */
async function settledCounts(server: FaultProcess) {
  for (let tries = 0;; tries++) {
    const counts = await server.ask();
    const open = counts.faulty.open + counts.sound.open;
    if (open === 0 || tries === 20) return { counts, open };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a file of samples holds. */
function rowsOf(csv: string): Pick<CellRun, "outcomes" | "latencies"> {
  const lines = csv.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const columns = lines[0]?.split(",") ?? [];
  const [outcomeAt, sentAt, endedAt] = ["outcome", "sent_ms", "ended_ms"].map((name) => columns.indexOf(name));
  const outcomes: Record<string, number> = {};
  const latencies: number[] = [];
  for (const line of lines.slice(1)) {
    const cells = line.split(","), outcome = cells[outcomeAt!]!;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (outcome === "success") latencies.push(Number(cells[endedAt!]) - Number(cells[sentAt!]));
  }
  return { outcomes, latencies };
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}
