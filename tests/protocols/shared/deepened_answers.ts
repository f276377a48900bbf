const DEEP = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
const DEEP_OBJECT = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const PLACE = "the value that becomes deep";

/**
 * A right answer with each of its values in turn nested a hundred thousand deep, and deep as a whole; of a stream, so for its
 * first event and its last.
 *
 * @param text The answer: JSON, or events with JSON.
 */
export function* deepenedAnswers(text: string): Generator<string> {
  const lines = [...text.matchAll(/^(?:data: )?(\{.*\})$/gm)].map(([, json]) => json!);
  if (lines.length < 2) return yield* deepened(text);
  // Events in the middle are like one another.
  for (const json of [lines[0]!, lines.at(-1)!]) {
    for (const deep of deepened(json)) yield text.replace(json, () => deep);
  }
}

/** The same of one document of JSON. */
function* deepened(json: string): Generator<string> {
  yield DEEP;
  yield DEEP_OBJECT;
  for (const path of pathsOf(JSON.parse(json))) {
    const copy = JSON.parse(json);
    const parent = path.slice(0, -1).reduce((value, key) => value[key], copy);
    parent[path.at(-1)!] = PLACE;
    const text = JSON.stringify(copy);
    yield text.replace(`"${PLACE}"`, DEEP);
    yield text.replace(`"${PLACE}"`, DEEP_OBJECT);
  }
}

function pathsOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== "object" || value === null) return own;
  const members = Array.isArray(value) ? [...value.entries()].slice(0, 2) : Object.entries(value);
  return [...own, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}
