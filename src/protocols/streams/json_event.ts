import { isRecord, shortened } from "../shared/server_answer.ts";

/**
 * An event that holds a JSON object.
 *
 * @param data What it holds.
 * @throws {SyntaxError} If that is none.
 */
export function jsonEvent(data: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new SyntaxError(`it is not JSON: ${shortened(data)}`);
  }
  if (!isRecord(value)) throw new SyntaxError(`it is no JSON object: ${shortened(data)}`);
  return value;
}
