import type { Figure } from "./figure.ts";
import { KINDS, RESULT_KINDS, type ResultKind, type TestResult, type TestResults } from "./kinds.ts";
import type { Kind, LevelWindow } from "./kinds/kind.ts";
import { type Measured, NONE_SUCCEEDED } from "./measured.ts";
import { WINDOW_FIGURES } from "./window/window_figures.ts";

/** A figure of a kind of result: of the whole result, or of the window that stands for it. */
export interface ResultFigure extends Figure<TestResults> {
  /** The kind. */
  readonly kind: ResultKind;
  /** `best` for a figure of the window that stands for the result, `result` for one of the whole. */
  readonly of: "result" | "best";
}

/**
 * Every figure of every kind, each read from the results of a run: the one place where a figure has its name, its unit and
 * its direction. Gate, comparison and baseline, cards, tables, help and schema are loops over them.
 */
export const FIGURES: readonly ResultFigure[] = RESULT_KINDS.flatMap((kind) => figuresOf(kind));

/**
 * A figure of a result, or why there is none.
 *
 * @param result The result.
 * @param id Of one of the {@linkcode FIGURES} of its kind.
 * @throws {RangeError} If its kind has no such figure.
 */
export function readFigure(result: TestResult, id: string): Measured {
  const found = FIGURES.find((figure) => figure.kind === result.kind && figure.id === id);
  if (found === undefined) {
    throw new RangeError(`Cannot read a figure as ${result.kind} must have one of that id: found ${id}`);
  }
  return found.read({ [result.kind]: result });
}

function figuresOf(kind: ResultKind): ResultFigure[] {
  const spec = KINDS[kind] as Kind<TestResult>;
  const notRun: Measured = { code: "not-run", detail: `${spec.name} gave no result` };
  const from = (read: (result: TestResult) => Measured) => (tests: TestResults) => {
    const result = tests[kind];
    return result === undefined ? notRun : withReason(read(result), spec.windows(result));
  };
  const own = spec.figures.map(({ read, chosenFrom, under, ...figure }): ResultFigure => ({
    ...figure,
    kind,
    of: "result",
    read: from(read),
    ...(chosenFrom === undefined
      ? {}
      : { chosenFrom: (tests) => tests[kind] === undefined ? 1 : chosenFrom(tests[kind]) }),
    ...(under === undefined ? {} : { under: (tests) => tests[kind] === undefined ? undefined : under(tests[kind]) }),
  }));
  const { best: bestOf } = spec;
  if (bestOf === null) return own;
  const ofBest = WINDOW_FIGURES.map(({ read, chosenFrom: _, under: _under, ...figure }): ResultFigure => ({
    ...figure,
    kind,
    of: "best",
    read: from((result) => {
      const best = bestOf(result);
      return best === null
        ? { code: "levels", detail: "no level of it is usable" }
        : explained(read(best.window), result);
    }),
    ...(spec.comparedOfBest?.includes(figure.id) ? { compared: true } : {}),
  }));
  return [...own, ...ofBest];
}

/** An absence that nothing explains: that no request succeeded is said where it is so. */
function withReason(measured: Measured, windows: readonly LevelWindow[]): Measured {
  const isFalse = "code" in measured && measured.detail === NONE_SUCCEEDED &&
    windows.some(({ window }) => window.succeeded > 0);
  return isFalse ? { ...measured, detail: "too little was measured" } : measured;
}

/** An absence in the words of the result, where it has some. */
function explained(measured: Measured, { absences }: TestResult): Measured {
  if (!("code" in measured)) return measured;
  return { ...measured, detail: absences[measured.code] ?? absences["latencyMs"] ?? measured.detail };
}
