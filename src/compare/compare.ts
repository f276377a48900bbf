import type { ComparedChoice, ComparedRun, ComparedVerdict, Comparison, Incomparable } from "../results/comparison.ts";
import { FIGURES, type ResultFigure } from "../results/figures.ts";
import { KINDS, RESULT_KINDS, type ResultKind, type TestResult, type TestResults } from "../results/kinds.ts";
import { lacksGpu } from "../results/kinds/gpu_memory.ts";
import type { Kind } from "../results/kinds/kind.ts";
import { type Absent, isAbsent, type Measured } from "../results/measured.ts";
import type { Report } from "../results/report.ts";
import { loadKey } from "../results/window/load.ts";
import { holdsEnough, isUsable } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import { type WindowFigure, windowFigure } from "../results/window/window_figures.ts";
import { bestWindows, type RunWindow, windowsOf } from "../results/windows.ts";
import { DEFAULT_LEVEL } from "../stats/confidence_level.ts";
import { compareFigure, type FigurePair, isComparable, isTold, pairOf } from "./compare_figures.ts";
import { runDifferences } from "./run_differences.ts";

/** Options of {@linkcode compare}. */
export interface CompareOptions {
  /** How many comparisons are read together: one run against three others is 3. @default {1} */
  readonly comparisons?: number;
}

/**
 * Is the second run better or worse than the first? Each headline number of each test, with the effect in an interval.
 * Many numbers are compared, so all intervals are widened until they hold together at 95 % (C. E. Bonferroni, 1936);
 * a verdict then is what its interval shows, and any false one comes up in at most 5 % of comparisons of equal servers.
 *
 * The intervals hold the noise within each run. What changes between runs (a warmer CPU, a busy neighbour) they cannot
 * know: for that, `runAbTest` alternates two servers in one run.
 *
 * @param a The first run, from `createReport` or `loadResult`.
 * @param b The second, held against it.
 * @param options How many such comparisons are read together.
 * @returns Differences of the circumstances, effects and verdicts; `formatComparison` puts them in words.
 */
export function compare(a: Report, b: Report, { comparisons = 1 }: CompareOptions = {}): Comparison {
  const runs = { a: runOf(a), b: runOf(b) };
  if (isSameRun(a, b)) {
    const nothing = { differences: [], incomparable: [], figures: [], choices: [], family: 0, level: DEFAULT_LEVEL };
    return { ...runs, identical: true, ...nothing };
  }
  const { pairs, incomparable } = pair(a.tests, b.tests);
  const verdicts = verdictsOf(a.tests, b.tests);
  const family = comparisons * pairs.filter(isComparable).length;
  return {
    ...runs,
    identical: false,
    differences: runDifferences(a, b),
    incomparable,
    figures: pairs.map((of) => compareFigure(of, Math.max(1, family), [runs.a, runs.b])),
    choices: choicesOf(a.tests, b.tests),
    ...verdicts.length === 0 ? {} : { verdicts },
    family,
    level: DEFAULT_LEVEL,
  };
}

/** The same results of the same moment, whatever was written around them. */
function isSameRun(a: Report, b: Report): boolean {
  return a === b || (a.startedAt === b.startedAt && JSON.stringify(a.tests) === JSON.stringify(b.tests));
}

function runOf({ startedAt, command, target: { url, model }, partial, tests }: Report): ComparedRun {
  const kindsWhere = (isSo: (window: Window) => boolean): ResultKind[] => [
    ...new Set(windowsOf(tests).flatMap(({ kind, window }) => isSo(window) ? [kind] : [])),
  ];
  return {
    startedAt,
    command,
    url,
    model,
    partial,
    clientLimited: kindsWhere(({ clientLimited }) => clientLimited),
    notConverged: kindsWhere(({ succeeded, converged }) => succeeded > 0 && !converged),
  };
}

/** The figures that both runs have under the same load, and why others are left out. */
function pair(a: TestResults, b: TestResults): { pairs: FigurePair[]; incomparable: Incomparable[] } {
  const pairs: FigurePair[] = [], incomparable: Incomparable[] = [];
  for (const test of RESULT_KINDS) {
    const [inA, inB] = [askedOf(test, a), askedOf(test, b)];
    if (inA === null && inB === null) continue;
    if (inA === null) incomparable.push({ test, reason: "only-in-second", b: inB! });
    else if (inB === null) incomparable.push({ test, reason: "only-in-first", a: inA });
    else if (loadKey(inA) !== loadKey(inB)) incomparable.push({ test, reason: "different-loads", a: inA, b: inB });
    else {
      const ofAll = FIGURES.filter(({ kind, compared }) => kind === test && compared);
      const same = sameLoads(test, a, b);
      const isAlike = ({ compared, under }: ResultFigure) =>
        (compared === true || same) && isSameUnder(under?.(a), under?.(b));
      const found = ofAll.filter(isAlike).map((of) => {
        const pair = pairOf(of, a, b);
        // The best of all levels is not told by those that are left, nor is a level by what it showed until then.
        return of.compared === true && of.of !== "best"
          ? pair
          : { ...pair, a: lossIn(test, a) ?? pair.a, b: lossIn(test, b) ?? pair.b };
      });
      pairs.push(...found.filter((pair) => !isRunInNeither(pair) && !(lacksGpu(pair.a) && lacksGpu(pair.b))));
      const levels = windowPairs(test, a, b).filter(isTold);
      pairs.push(...levels);
      const isPart = levels.length > 0 || (comparesWindows(test) && commonLevels(test, a, b).length > 0);
      if (!same && !isPart && ofAll.some(({ compared }) => compared === "same-loads")) {
        const offered = (tests: TestResults) => ({
          [`${KINDS[test].axis?.label}s`]: windowsIn(test, tests).map(({ level }) => level),
        });
        const reason = "different-loads" as const;
        incomparable.push({ test, reason, a: { ...inA, ...offered(a) }, b: { ...inB, ...offered(b) } });
      }
    }
  }
  return { pairs: pairs.filter(isTold), incomparable };
}

/** Whether two runs measured something under the same, as far as both tell it. */
function isSameUnder(inA: string | undefined, inB: string | undefined): boolean {
  return inA === undefined || inB === undefined || inA === inB;
}

/** Whether it is a figure of something that is measured on demand, and was in neither run. */
function isRunInNeither({ a, b }: FigurePair): boolean {
  return [a, b].every((measured) => isAbsent(measured) && measured.code === "not-run");
}

const LOST_LEVEL: Absent = { code: "levels", detail: "the server was lost at a level" };

function lossIn(test: ResultKind, tests: TestResults): Absent | null {
  return windowsIn(test, tests).some(({ window }) => window.lost !== undefined) ? LOST_LEVEL : null;
}

const windowsIn = (test: ResultKind, tests: TestResults) => windowsOf(tests).filter(({ kind }) => kind === test);

/** Whether it compares figures of windows that every server has. */
function comparesWindows(test: ResultKind): boolean {
  const { comparedOfWindows = [], comparedOfHighest = [] } = KINDS[test];
  return [...comparedOfWindows, ...comparedOfHighest].some((id) => windowFigure(id).isRare !== true);
}

/** Whether both runs chose among the same loads: they offered the same, or each also offered what the other chose. */
function sameLoads(test: ResultKind, a: TestResults, b: TestResults): boolean {
  const keys = (tests: TestResults) => windowsIn(test, tests).map(({ window }) => loadKey(window.load)).sort();
  const [inA, inB] = [keys(a), keys(b)];
  if (inA.join() === inB.join()) return true;
  const [bestA, bestB] = [bestOf(test, a), bestOf(test, b)];
  return bestA !== null && bestB !== null && inB.includes(bestA) && inA.includes(bestB);
}

/** The load that stands for a result; `null` where none does. */
function bestOf(test: ResultKind, tests: TestResults): string | null {
  const found = bestWindows(tests, []).find(({ kind }) => kind === test);
  return found?.best ? loadKey(found.best.window.load) : null;
}

/** One load that both runs offered. */
interface CommonLevel {
  readonly level: RunWindow["level"];
  readonly a: Window;
  readonly b: Window;
}

function commonLevels(test: ResultKind, a: TestResults, b: TestResults): CommonLevel[] {
  return windowsIn(test, a).flatMap(({ window, level }) => {
    const other = windowsIn(test, b).find((found) => loadKey(found.window.load) === loadKey(window.load));
    return other === undefined ? [] : [{ level, a: window, b: other.window }];
  });
}

/** Figures at the loads that both runs offered, but for those at which neither kept up. */
function windowPairs(test: ResultKind, a: TestResults, b: TestResults): FigurePair[] {
  const { comparedOfWindows = [], comparedOfHighest = [], axis } = KINDS[test];
  const levels = commonLevels(test, a, b).filter((level) => mayCompare(level.a) || mayCompare(level.b));
  const pairsOf = (ids: readonly string[], { level, a, b }: CommonLevel, read: WindowReader): FigurePair[] =>
    ids.map(windowFigure).map((figure) => ({
      figure: { ...figure, label: `${figure.label}, ${axis?.label ?? ""} ${level}`, kind: test },
      a: read(figure, a),
      b: read(figure, b),
    }));
  return [
    ...levels.slice(-1).flatMap((level) => pairsOf(comparedOfHighest, level, (figure, window) => figure.read(window))),
    ...levels.flatMap((level) => pairsOf(comparedOfWindows, level, readUsable)),
  ];
}

/** Where it cannot be told whether the server kept up, two runs at one rate compare: they had the same to do. */
function mayCompare(window: Window): boolean {
  return isUsable(window.saturated === null ? { ...window, saturated: false } : window);
}

type WindowReader = (figure: WindowFigure, window: Window) => Measured;

/** A figure of a window that the server sustained: beyond saturation a latency only tells how long was measured. */
const readUsable: WindowReader = (figure, window) => {
  if (mayCompare(window) || window.succeeded === 0) return figure.read(window);
  return {
    code: "levels",
    detail: window.lost !== undefined
      ? "the server was lost in it"
      : !holdsEnough(window)
      ? "it was cut short"
      : window.saturated
      ? "the server did not keep up"
      : "1 % or more of its requests failed",
  };
};

function askedOf(kind: ResultKind, tests: TestResults): Readonly<Record<string, unknown>> | null {
  const result = tests[kind];
  return result === undefined ? null : (KINDS[kind] as Kind<TestResult>).asked(result);
}

/** What both tests chose of the same load, and whether each run tried what the other chose. */
function choicesOf(a: TestResults, b: TestResults): ComparedChoice[] {
  return RESULT_KINDS.flatMap((kind) => {
    const { choice } = KINDS[kind] as Kind<TestResult>;
    const [inA, inB] = [a[kind], b[kind]];
    if (choice === undefined || inA === undefined || inB === undefined) return [];
    if (lossIn(kind, a) !== null || lossIn(kind, b) !== null) return [];
    if (loadKey(askedOf(kind, a)!) !== loadKey(askedOf(kind, b)!)) return [];
    const [x, y] = [choice.read(inA), choice.read(inB)];
    const like = (result: TestResult, other: number) => choice.equivalents(result).includes(other);
    const withinNoise = x === y || (x !== null && y !== null && like(inA, y) && like(inB, x));
    const isUntried = (tests: TestResults, chosen: number | null) =>
      chosen !== null && !windowsIn(kind, tests).some(({ level }) => level === chosen);
    const untriedBy = [...isUntried(a, y) ? ["a" as const] : [], ...isUntried(b, x) ? ["b" as const] : []];
    return [{ what: choice.label, a: x, b: y, withinNoise, ...untriedBy.length === 0 ? {} : { untriedBy } }];
  });
}

/** What both tests found out that is no number, where one of them asked. */
function verdictsOf(a: TestResults, b: TestResults): ComparedVerdict[] {
  return RESULT_KINDS.flatMap((kind) => {
    const { verdict } = KINDS[kind] as Kind<TestResult>;
    const [inA, inB] = [a[kind], b[kind]];
    if (verdict === undefined || inA === undefined || inB === undefined) return [];
    const [x, y] = [verdict.read(inA), verdict.read(inB)];
    return x === null && y === null ? [] : [{ what: verdict.what, a: x, b: y }];
  });
}
