const { Temporal = {} } = globalThis as { readonly Temporal?: object };

/** Classes whose objects are told by their text. */
const BY_TEXT: ReadonlySet<unknown> = new Set(
  [
    Intl.Locale,
    RegExp,
    URL,
    URLSearchParams,
    ...Object.values(Object.getOwnPropertyDescriptors(Temporal)).map(({ value }) => value),
  ]
    .filter((one) => typeof one === "function")
    .map(({ prototype }) => prototype),
);

const TYPED_ARRAY: abstract new () => ArrayLike<unknown> = Object.getPrototypeOf(Uint8Array);

type Fields = Readonly<Record<PropertyKey, unknown>>;

/**
 * Deep equality as std has it: 0 equals -0, NaN equals NaN, and an object without a prototype equals a plain one. Of other
 * objects the prototypes must be the same, and all fields, those that are not listed and the getters of their classes too.
 *
 * @throws {TypeError} If two weak maps or weak sets are to be compared, which cannot be looked into.
 */
export function equal(a: unknown, b: unknown): boolean {
  return isEqual(a, b, new Map());
}

/** As above; `seen` are pairs of objects that are being compared further out. */
function isEqual(a: unknown, b: unknown, seen: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  const prototype = Object.getPrototypeOf(a);
  if ((prototype ?? Object.prototype) !== (Object.getPrototypeOf(b) ?? Object.prototype)) return false;
  if (a instanceof TYPED_ARRAY) return areSame(a, b as unknown as typeof a);
  if (isBuffer(a)) return areSame(new Uint8Array(a), new Uint8Array(b as typeof a));
  for (const Weak of [WeakMap, WeakSet]) {
    if (a instanceof Weak) throw new TypeError(`Cannot compare ${Weak.name} instances`);
  }
  if (a instanceof WeakRef) return isEqual(a.deref(), (b as typeof a).deref(), seen);
  if (seen.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);
  if (a instanceof Set || a instanceof Map) return haveSameEntries(a, b as typeof a, seen);
  if (BY_TEXT.has(prototype)) return String(a) === String(b);
  const names = isPlain(prototype) ? Reflect.ownKeys({ ...a, ...b }) : [...allNames(a), ...allNames(b)];
  return names.every((name) => name in a === name in b && isEqual((a as Fields)[name], (b as Fields)[name], seen));
}

function isPlain(prototype: unknown): boolean {
  return prototype === null || prototype === Object.prototype || prototype === Array.prototype;
}

function isBuffer(value: object): value is ArrayBuffer {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

function areSame(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  return true;
}

type Entries = ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

/** Whether each entry of the first has its like in the second, in any order. */
function haveSameEntries(a: Entries, b: Entries, seen: Map<object, object>): boolean {
  if (a.size !== b.size) return false;
  const others = [...b.entries()];
  return [...a.entries()].every(([key, value]) => {
    const isObject = typeof key === "object" || typeof key === "function";
    if (!isObject || key === null) {
      return b.has(key) && ("get" in b ? isEqual(value, b.get(key), seen) : true);
    }
    return others.some(([other, otherValue]) => isEqual(key, other, seen) && isEqual(value, otherValue, seen));
  });
}

/** Names of an object and of its classes. */
function allNames(value: object): PropertyKey[] {
  if (value === null || value === Object.prototype || value === Array.prototype) return [];
  return [...Reflect.ownKeys(value), ...allNames(Object.getPrototypeOf(value))];
}
