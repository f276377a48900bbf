import * as v from "valibot";

/** Where a value stands in a document. */
type Path = readonly (string | number)[];

/** What stands in `absences` for a number that was left out. */
const WHY = "the figure is no finite number";

/**
 * A document without the numbers that JSON cannot hold: one of them is `null`, or left out where it cannot be `null`, with
 * as little of what stands around it as the schema allows. The result that it stands in says so in its `absences`. What the
 * run itself must have is 0, with a warning.
 *
 * @param document Plain data; it is not changed.
 * @param schema What the document must be.
 * @returns The document itself where all its numbers are finite.
 */
export function withFiniteNumbers<T extends object>(document: T, schema: v.GenericSchema<unknown, T>): T {
  const lost = notFinite(document);
  if (lost.length === 0) return document;
  const repaired = structuredClone(document);
  for (const path of lost) set(repaired, path, null);
  note(repaired, lost);
  // Each step takes something away.
  for (;;) {
    const checked = v.safeParse(schema, repaired);
    if (checked.success) return repaired;
    const path = pathOf(checked.issues[0]);
    if (!(OF_RUN.has(String(path[0])) ? setToZero(repaired, path) : takeAway(repaired, path))) return repaired;
  }
}

/** What must be there in every document: it has no part that could be left out. */
const OF_RUN: ReadonlySet<string> = new Set(["durationMs", "seed", "environment", "target"]);

function setToZero(document: object, path: Path): boolean {
  const warnings = valueAt(document, ["warnings"]);
  if (valueAt(document, path) !== null || !Array.isArray(warnings)) return false;
  warnings.push(`0 stands for ${path.join(".")}, which is no finite number.`);
  return set(document, path, 0);
}

/** Where the numbers stand that are not finite. */
function notFinite(document: object): Path[] {
  const found: Path[] = [], left: [object, Path][] = [[document, []]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [parent, path] = next;
    for (const [key, value] of Object.entries(parent)) {
      const at = [...path, Array.isArray(parent) ? Number(key) : key];
      if (typeof value === "number" && !Number.isFinite(value)) found.push(at);
      else if (typeof value === "object" && value !== null) left.push([value, at]);
    }
  }
  return found;
}

/**
 * What is no `null` yet becomes one; what is one is left out; where that is missing too, what holds it becomes `null`.
 *
 * @returns Whether there was something to take away.
 */
function takeAway(document: object, path: Path): boolean {
  const parent = valueAt(document, path.slice(0, -1)), key = path.at(-1);
  if (typeof parent !== "object" || parent === null || key === undefined) return false;
  const value = (parent as Record<string, unknown>)[key];
  if (value === undefined) return path.length > 1 && set(document, path.slice(0, -1), null);
  if (value !== null) return set(document, path, null);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[key];
  return true;
}

function note(document: object, lost: readonly Path[]): void {
  for (const [tests, kind, field] of lost) {
    const result = tests === "tests" ? valueAt(document, [tests, kind!]) : null;
    const absences = typeof result === "object" && result !== null && "absences" in result ? result.absences : null;
    if (typeof absences === "object" && absences !== null && field !== undefined) {
      (absences as Record<string, string>)[field] ??= WHY;
    }
  }
}

function valueAt(document: object, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], document);
}

function set(document: object, path: Path, value: null | 0): boolean {
  const parent = valueAt(document, path.slice(0, -1));
  if (typeof parent !== "object" || parent === null) return false;
  (parent as Record<string, unknown>)[path.at(-1)!] = value;
  return true;
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => key as string | number);
}
