const DEEP = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
const DEEP_OBJECT = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const PLACE = "the value that becomes deep";

/** An answer of JSON with each of its values in turn nested a hundred thousand deep, and deep as a whole. */
export function* deepened(json: string): Generator<string> {
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
