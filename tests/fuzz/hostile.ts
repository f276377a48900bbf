/** What parsers are fed: texts and documents that were right, changed in a few places, and values that nobody expects. */
import fc from "fast-check";

/** Stands for a list in a list in a list; JSON itself could not write it. */
const DEEP = "\u0001deep\u0001";
const DEEP_LEVELS = 60_000;

/** Values that nobody expects where others stand. */
const SURPRISES: readonly unknown[] = [
  ...[null, true, false, "", " ", 0, -1, 1.5, 1e300, -1e300, 5e-324, 2 ** 31, 2 ** 53, 2 ** 64, [], {}, [[]], [null]],
  ...["NaN", "-Infinity", "1e999", "0x10", "\u001b[2J\u001b[31m", "\ud800", "\u0000", "__proto__", "<script>", "%s%n"],
  ...["../../etc/passwd", "a".repeat(70_000), "é".repeat(300), { __proto__: null, constructor: 1 }, DEEP],
  ...[[[[[[[[[1]]]]]]]], [1, "two", null, [3]], { toString: 1, length: -1 }, [-1, -1, -1], [0], [2 ** 40, 2 ** 40]],
];

/** Texts that end or begin something in one format or another. */
const TOKENS: readonly string[] = [
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "\\",
    ",",
    ":",
    ";",
    "=",
    "#",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u001b[1m",
    "\ufeff",
    "\u2028",
  ],
  ...[
    "-",
    "--",
    "+",
    "e",
    "E",
    ".",
    "1e999",
    "-0",
    "NaN",
    "+Inf",
    "0x",
    "null",
    "true",
    "{{",
    "}}",
    "${",
    "%",
    "/",
    "~",
  ],
  ..."0123456789".split(""),
  "9".repeat(400),
  " ".repeat(5000),
  "[".repeat(DEEP_LEVELS),
  '{"a":'.repeat(DEEP_LEVELS),
];

/** A value that nobody expects, as JSON has them. */
export const surprise: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SURPRISES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** One change of a document. */
export interface Edit {
  readonly at: number;
  readonly act: string;
  readonly value: unknown;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  act: fc.constantFrom("put", "put", "put alike", "put alike", "leave out", "copy", "rename", "wrap"),
  value: surprise,
});

/**
 * The JSON of one of some documents with up to three changes: another value, one of the same type, none, one more, another name, or a list around it.
 *
 * @param documents Documents that are right.
 */
export function changedJson(...documents: readonly unknown[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...documents), edits).map(([document, edits]) => edited(document, edits));
}

/** Up to three changes. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 3 });

/** The JSON of a document with changes. */
export function edited(document: unknown, edits: readonly Edit[]): string {
  return textOf(edits.reduce(changed, structuredClone(document)));
}

/** JSON, deep lists in the place of what stands for them. */
function textOf(value: unknown): string {
  const deep = "[".repeat(DEEP_LEVELS) + "]".repeat(DEEP_LEVELS);
  return (JSON.stringify(value) ?? "").replaceAll(JSON.stringify(DEEP), deep);
}

type Holder = Record<string | number, unknown>;

function changed(document: unknown, { at, act, value: given }: Edit): unknown {
  const value = structuredClone(given);
  const places: [holder: Holder, key: string][] = [];
  const find = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Holder, key]);
      find((value as Holder)[key]);
    }
  };
  find(document);
  if (places.length === 0 || at % (places.length + 1) === places.length) return value;
  const [holder, key] = places[at % (places.length + 1)]!;
  const index = Number(key);
  if (act === "put") holder[key] = value;
  else if (act === "put alike") holder[key] = alike(holder[key], at) ?? value;
  else if (act === "wrap") holder[key] = [holder[key]];
  else if (Array.isArray(holder)) {
    if (act === "leave out") holder.splice(index, 1);
    else if (act === "copy") holder.splice(index, 0, structuredClone(holder[index]));
    else holder[index] = value;
  } else {
    if (act === "rename") {
      holder[typeof value === "string" && value !== "__proto__" && value !== DEEP ? value : `${key}s`] = holder[key];
    }
    if (act === "leave out" || act === "rename") delete holder[key];
    else if (act === "copy") holder[`${key} `] = structuredClone(holder[key]);
  }
  return document;
}

/** A surprise of the type of what stands there, `undefined` where there is none. */
function alike(value: unknown, at: number): unknown {
  const all = SURPRISES.filter((surprise) =>
    typeof surprise === typeof value && Array.isArray(surprise) === Array.isArray(value)
  );
  return all.length === 0 ? undefined : structuredClone(all[at % all.length]);
}

const textEdit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
  put: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...TOKENS) }, fc.string({ unit: "binary", maxLength: 8 })),
  cut: fc.boolean(),
});

/**
 * One of some texts with up to five changes: some characters replaced, left out or put in, or the end cut off.
 *
 * @param texts Texts that are right.
 */
export function changedText(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...texts), fc.array(textEdit, { minLength: 1, maxLength: 5 })).map(([text, edits]) =>
    edits.reduce((text, { at, length, put, cut }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + (cut ? "" : put + text.slice(place + length));
    }, text)
  );
}

const byteEdit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(8), fc.nat(300)),
  put: fc.uint8Array({ maxLength: 9 }),
  cut: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
});

/**
 * One of some pieces of bytes with up to five changes, or any bytes at all.
 *
 * @param pieces Bytes that are right.
 */
export function changedBytes(...pieces: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const near = fc.tuple(fc.constantFrom(...pieces), fc.array(byteEdit, { minLength: 1, maxLength: 5 })).map(
    ([bytes, edits]) =>
      edits.reduce((bytes, { at, length, put, cut }) => {
        const place = Math.floor(at * bytes.length);
        return Uint8Array.from([...bytes.subarray(0, place), ...put, ...cut ? [] : bytes.subarray(place + length)]);
      }, Uint8Array.from(bytes)),
  );
  return fc.oneof(
    { weight: 9, arbitrary: near },
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  );
}
