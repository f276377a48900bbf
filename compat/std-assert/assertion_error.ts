/** Error thrown when an assertion fails. */
export class AssertionError extends Error {
  /**
   * @param message The error message.
   * @param options Additional options, for example the cause.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** How std ends a message: with the caller's own words where there are some. */
export function suffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

/** A value as std shows it in messages. */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    getters: true,
  });
}
