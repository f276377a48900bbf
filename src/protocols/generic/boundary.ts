const utf8 = new TextEncoder();

/** Begins with a letter that is rare in what is sent, so that looking for it is quick. */
const BOUNDARY = "Qx7torchgaugeForm";
const FIRST = utf8.encode(BOUNDARY);

/** What was found not to hold the first boundary: the same items are in many requests. */
const free = new WeakSet<Uint8Array>();

/**
 * A boundary that none of some values holds; as a rule the same for all requests.
 *
 * @param values What stands between boundaries.
 */
export function freeBoundary(values: readonly Uint8Array[]): string {
  const clashes = values.filter((value) => !free.has(value) && indexOfBytes(value, FIRST) !== -1);
  if (clashes.length === 0) {
    for (const value of values) free.add(value);
    return BOUNDARY;
  }
  for (let number = 2;; number++) {
    const boundary = `${BOUNDARY}${number}`;
    const bytes = utf8.encode(boundary);
    if (values.every((value) => indexOfBytes(value, bytes) === -1)) return boundary;
  }
}

/**
 * Where bytes stand within others.
 *
 * @param bytes What is looked through.
 * @param wanted What is looked for, at least one byte.
 * @param from Where to begin.
 * @returns The first place, or -1.
 */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(wanted[0]!, from); at !== -1 && at <= last; at = bytes.indexOf(wanted[0]!, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}
