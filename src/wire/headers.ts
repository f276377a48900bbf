import { UsageError } from "../core/errors.ts";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Horizontal tab and everything printable of latin1: what a header value may hold (RFC 9110, 5.5).
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const FRAMING = ["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"];

/** Whether a header may have the name. */
export function isFieldName(name: string): boolean {
  return TOKEN.test(name);
}

/** Whether a header may have the value. */
export function isFieldValue(value: string): boolean {
  return VALUE.test(value);
}

/** Whether a header of the name, in lower case, belongs to the connection's framing. */
export function framesMessages(name: string): boolean {
  return FRAMING.includes(name);
}

/**
 * Checks headers that go with every request. Messages never hold a value, since values are often secrets.
 *
 * @param headers Values by name.
 * @returns Names and values in turn, names in lower case.
 * @throws {UsageError} If a name or value cannot be sent, or the name belongs to the connection's framing.
 */
export function checkedHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (!isFieldName(name)) {
      throw new UsageError(
        `Cannot send a header as its name must be letters, digits and -: its name has ${name.length} characters`,
        { hint: "A name is one word, such as X-Team." },
      );
    }
    if (framesMessages(lower)) {
      throw new UsageError(`Cannot send the header "${name}" as the connection sets it by itself`);
    }
    if (!isFieldValue(value)) {
      throw new UsageError(`Cannot send the header "${name}" as its value must be printable latin1 text on one line`);
    }
    return [lower, value.trim()];
  });
}

/**
 * Headers of one request, with those that go with every request replacing its own of the same name.
 *
 * @param own Names and values in turn.
 * @param common Names in lower case and values in turn.
 */
export function mergedHeaders(own: readonly string[], common: readonly string[]): string[] {
  if (common.length === 0) return [...own];
  const merged: string[] = [];
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i]!.toLowerCase();
    let replaced = false;
    for (let j = 0; j < common.length; j += 2) replaced ||= common[j] === name;
    if (!replaced) merged.push(own[i]!, own[i + 1]!);
  }
  return [...merged, ...common];
}
