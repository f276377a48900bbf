import type { RunDifference } from "../results/comparison.ts";
import { KINDS, RESULT_KINDS, sidesOf, type TestResult } from "../results/kinds.ts";
import type { Circumstance, Kind } from "../results/kinds/kind.ts";
import type { Report } from "../results/report.ts";
import { bySeverity } from "../core/severity.ts";
import { loadKey } from "../results/window/load.ts";
import { type RunWindow, windowsOf } from "../results/windows.ts";
import { differingLengths } from "../stats/ratios/differing_lengths.ts";
import { GENERATION_CIRCUMSTANCES } from "./generation_circumstances.ts";

const gpus = ({ environment: { gpus } }: Report) =>
  gpus.length === 0 ? "none" : gpus.map(({ name }) => name).join(", ");

/** What all GPUs tell of something; `undefined` where one does not, or there are none. */
const ofGpus = (of: (gpu: Report["environment"]["gpus"][number]) => string | null) => (report: Report) => {
  const told = report.environment.gpus.map(of);
  return told.length === 0 || told.includes(null) ? undefined : told.join(", ");
};

/** What tells a server of a run. */
type Told = Pick<Report, "target">;

const OF_SERVER: readonly Circumstance<Told>[] = [
  { what: "model", severity: "critical", of: ({ target }) => target.model },
  { what: "protocol", severity: "warning", of: ({ target }) => target.protocol },
  { what: "embedded server", severity: "warning", of: ({ target }) => target.embedded ? "yes" : "no" },
  {
    what: "connections",
    severity: "critical",
    of: ({ target }) => target.connectionPerRequest ? "one a request" : "kept",
  },
  { what: "requests in a sequence", severity: "critical", of: ({ target }) => target.sequenceLength ?? "none" },
  ...GENERATION_CIRCUMSTANCES,
  { what: "parameters of requests", severity: "warning", of: ({ target }) => target.parameters ?? "none" },
  { what: "certificate checked", severity: "info", of: ({ target }) => target.unverified ? "no" : "yes" },
  { what: "device of the model", severity: "warning", of: ({ target }) => target.device },
  // The embedded server takes any free port: that says nothing.
  { what: "URL", severity: "info", of: ({ target }) => target.embedded ? undefined : target.url },
];

/** The same of the second server where there are two: a run is named after the first. */
const OF_SECOND = OF_SERVER.map(({ what, of, ...circumstance }): Circumstance<Report> => ({
  ...circumstance,
  what: `${what} of server B`,
  of: ({ tests }) => {
    const [, second] = sidesOf(tests);
    return second && of(second);
  },
}));

const OF_RUN: readonly Circumstance<Report>[] = [
  { what: "inputs", severity: "warning", of: ({ tests }) => limitsOfInputs(tests) ?? "each differs" },
  // A container has a name of its own.
  { what: "name of the client machine", severity: "info", of: ({ environment }) => environment.host },
  {
    what: "client machine busy before the run",
    severity: "warning",
    of: ({ environment }) => environment.busy === undefined ? "not seen" : "yes",
  },
  { what: "CPU", severity: "warning", of: ({ environment }) => environment.cpu },
  { what: "cores", severity: "warning", of: ({ environment }) => environment.cores },
  { what: "memory of the machine", severity: "warning", of: ({ environment }) => gigabytes(environment.memoryBytes) },
  { what: "GPUs", severity: "warning", of: gpus },
  { what: "driver of the GPUs", severity: "warning", of: ofGpus(({ driver }) => driver) },
  { what: "memory of the GPUs", severity: "warning", of: ofGpus(({ memoryBytes }) => gigabytes(memoryBytes)) },
  { what: "operating system", severity: "info", of: ({ environment }) => environment.os },
  { what: "Deno", severity: "info", of: ({ environment }) => environment.deno },
  { what: "torchgauge", severity: "info", of: ({ tool }) => tool.version },
  {
    what: "parts of the run",
    severity: "info",
    of: ({ parts }) => parts === undefined ? "1" : `${parts.length}, at different times`,
  },
  { what: "seed", severity: "info", of: ({ seed }) => seed },
];

const OF_TESTS = RESULT_KINDS.flatMap((kind): Circumstance<Report>[] =>
  ((KINDS[kind] as Kind<TestResult>).circumstances ?? []).map(({ of, ...circumstance }) => ({
    ...circumstance,
    of: ({ tests: { [kind]: result } }) => result === undefined ? undefined : of(result),
  }))
);

/**
 * In what two runs differ beside their results, so that nobody takes another machine for a faster server.
 *
 * @param a The first run.
 * @param b The second.
 * @returns The most severe first. What only one of them has is no difference; that a test is missing is told apart.
 */
export function runDifferences(a: Report, b: Report): RunDifference[] {
  const circumstances = [...OF_SERVER, ...OF_SECOND, ...OF_RUN, ...OF_TESTS].flatMap(
    ({ what, severity, of }): RunDifference[] => {
      const [inA, inB] = [of(a), of(b)];
      if (inA === undefined || inB === undefined || inA === inB) return [];
      return [{ what, a: String(inA ?? "unknown"), b: String(inB ?? "unknown"), severity }];
    },
  );
  return [...circumstances, ...lengthsOf(a, b)].toSorted(bySeverity);
}

/** Where answers differ in length at a load of both, the first such. */
function lengthsOf(a: Report, b: Report): RunDifference[] {
  const inB = windowsOf(b.tests);
  return windowsOf(a.tests).flatMap(({ kind, level, window }): RunDifference[] => {
    const isSame = (of: RunWindow) =>
      of.kind === kind && of.level === level && loadKey(of.window.load) === loadKey(window.load);
    const other = inB.find(isSame);
    const lengths = other && differingLengths(window, other.window);
    if (!lengths) return [];
    const [tokensA, tokensB] = lengths.map((tokens) => `${Number(tokens.toPrecision(3))} tokens on average`);
    return [{ what: "length of answers", a: tokensA!, b: tokensB!, severity: "critical" }];
  }).slice(0, 1);
}

/** Why requests were less different than they might be: a server may have kept answers. */
function limitsOfInputs(tests: Report["tests"]): string | undefined {
  return RESULT_KINDS.flatMap((kind) => tests[kind]?.absences["inputs"] ?? [])[0];
}

/** In whole GiB: kernels differ in what they keep for themselves. */
function gigabytes(bytes: number | null): string | null {
  return bytes === null ? null : `${Math.round(bytes / 2 ** 30)} GiB`;
}
