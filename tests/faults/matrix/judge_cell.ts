import type { Cell, CellRun } from "./run_cell.ts";

/** The command's memory stays below this, MB. */
const LARGEST_MB = 700;
/** Requests that a test sends beside those that it records: to learn how one is sent, and those that it cut off. */
const UNRECORDED_OF_BASIC = 4;
/** What only a fault of ours, or Deno itself, writes on stderr. */
const OURS =
  /^\s+at .+:\d+:\d+\)?$|Uncaught|RangeError|TypeError:|Warning:|panicked at|deno run|A fault of torchgauge/m;
// deno-lint-ignore no-control-regex -- that is what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;

/** A window of results of any kind. */
interface AnyWindow {
  readonly succeeded: number;
  readonly failed: number;
  readonly failuresByReason: Readonly<Record<string, number>>;
  readonly latencyMs: { readonly n: number; readonly max: number } | null;
}

/**
 * What is wrong with what came of a cell.
 *
 * @param cell What was tried.
 * @param run What came of it.
 * @returns One text a fault of the command: what was expected, and what was got; none where all is right.
 */
export function judgeCell(cell: Cell, run: CellRun): readonly string[] {
  if (run.code === null) return [`must end: hung, killed after ${run.seconds.toFixed(0)} s`];
  return [
    ...exitFlaws(cell, run),
    ...failureFlaws(cell, run),
    ...windowFlaws(cell, run),
    ...wordFlaws(cell, run),
    ...run.peakMb !== null && run.peakMb > LARGEST_MB
      ? [`memory must stay below ${LARGEST_MB} MB: ${run.peakMb.toFixed(0)} MB`]
      : [],
    ...run.left.map((what) => `must leave nothing behind: left ${what}`),
  ];
}

function exitFlaws({ mode: { expected, fault }, testType }: Cell, { code, counts }: CellRun): string[] {
  // A short test may end before the request from which on the server fails.
  const isMet = fault.at !== "predictions" || fault.hits.share === "all" || counts.faulty.injected > 0;
  const right = isMet ? expected.exits?.[testType] ?? expected.exit : [0];
  return right.includes(code!) ? [] : [`exit ${right.join(" or ")}: ${code}`];
}

/** Reasons and counts of failures, held against what the server did. */
function failureFlaws({ mode: { expected, fault }, testType }: Cell, { outcomes, counts }: CellRun): string[] {
  const { success = 0, cancelled: _, ...byReason } = outcomes;
  const failed = Object.values(byReason).reduce((sum, count) => sum + count, 0);
  const wrong = Object.keys(byReason).filter((reason) => !(expected.reasons as readonly string[]).includes(reason));
  const flaws = wrong.map((reason) =>
    `failures by ${expected.reasons.join(", ") || "none"}: ${byReason[reason]} ${reason}`
  );
  const { injected, sound } = counts.faulty;
  const allSound = sound + counts.sound.sound;
  if (fault.at !== "predictions") {
    return success > allSound ? [...flaws, `successes as the server answered: ${success} for ${allSound}`] : flaws;
  }
  if (fault.hits.share === "all" && injected === 0) flaws.push("a request that meets the fault: none");
  const { failing } = expected;
  const largest = failing === "all" ? allSound : allSound + injected;
  if (success > largest) flaws.push(`successes as the server answered: ${success} for ${largest}`);
  if (failing === "any") return flaws;
  // Requests that are not recorded are few in the basic test alone.
  const unrecorded = testType === "basic" ? UNRECORDED_OF_BASIC : Infinity;
  const isRight = (wanted: number) => failed <= wanted && failed >= wanted - unrecorded;
  const due = failing === "none" ? 0 : injected;
  const fits = isRight(due) || failing === "either" && failed === 0;
  return fits ? flaws : [...flaws, `failures as the server did: ${failed} for ${due}`];
}

/** Whether failures are kept out of latencies, and successes are kept. */
function windowFlaws({ testType }: Cell, { report, outcomes, latencies }: CellRun): string[] {
  if (report === null) return [];
  const windows = windowsIn(report);
  const flaws = windows.flatMap(({ succeeded, failed, failuresByReason, latencyMs }) => {
    const byReason = Object.values(failuresByReason).reduce((sum, count) => sum + count, 0);
    return [
      ...(latencyMs?.n ?? 0) === Math.min(succeeded, 65_536)
        ? []
        : [`latencies of successes: ${latencyMs?.n} for ${succeeded}`],
      ...byReason === failed ? [] : [`reasons of all failures: ${byReason} for ${failed}`],
    ];
  });
  const longest = latencies.reduce((longest, latency) => Math.max(longest, latency), 0);
  const beyond = windows.find(({ latencyMs }) => (latencyMs?.max ?? 0) > longest + 1e-6);
  if (testType === "basic" && beyond !== undefined) {
    flaws.push(`latency of a success at most ${longest}: ${beyond.latencyMs!.max}`);
  }
  const { success = 0 } = outcomes;
  if (success > 2 && testType === "basic" && windows.every(({ succeeded }) => succeeded === 0)) {
    flaws.push(`successes kept: 0 of ${success}`);
  }
  return flaws;
}

/** All windows of a results file, wherever they stand. */
function windowsIn(report: unknown): AnyWindow[] {
  const found: AnyWindow[] = [], waiting: unknown[] = [report];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if ("failuresByReason" in value && "latencyMs" in value && "succeeded" in value) found.push(value as AnyWindow);
    waiting.push(...Object.values(value));
  }
  return found;
}

/** What is said, and what must not be. */
function wordFlaws({ mode: { fault, expected } }: Cell, { stdout, stderr, report, code }: CellRun): string[] {
  const flaws: string[] = [];
  const ours = OURS.exec(stderr);
  if (ours !== null) flaws.push(`no trace or warning on stderr: "${ours[0].trim()}"`);
  const escape = CONTROLS.exec(stderr + stdout);
  if (escape !== null) flaws.push(`no control characters on the terminal: ${JSON.stringify(escape[0])}`);
  if (code !== 0 && stderr.trim() === "") flaws.push(`a word on stderr at exit ${code}: nothing`);
  const all = `${stderr} ${stdout} ${report === null ? "" : JSON.stringify(report)}`.replaceAll(/\s+/g, " ");
  // A short test may meet none of the faults in the loads that it shows.
  const isShown = fault.at !== "predictions" || report === null || windowsIn(report).some(({ failed }) => failed > 0);
  const { says } = expected;
  if (says !== undefined && isShown && !says.test(all)) flaws.push(`says ${says}: ${shortened(stderr)}`);
  return flaws;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return `"${line.length > 160 ? `${line.slice(0, 160)}…` : line}"`;
}
