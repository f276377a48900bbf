import { UsageError } from "../../core/errors.ts";

const COUNTS = ["blocks", "requests", "concurrency", "batchSize", "coldStarts", "followUps", "pid"] as const;
const DURATIONS = ["durationMs", "timeoutMs", "soakMs", "loadTimeoutMs", "maxBatchDelayMs"] as const;
const LISTS = ["batchSizes", "levels"] as const;

/** Largest count that can be meant: more lanes or items exhaust the client, not the server. */
const MAX_LEVEL = 65_536;

/**
 * Refuses options that cannot be meant.
 *
 * @param options Options of any test.
 * @throws {UsageError} Naming the option, what is required and what was found.
 */
export function checkOptions(options: object): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of COUNTS) requireWhole(name, given[name], 1);
  for (const name of ["warmUpRequests", "cycles"]) requireWhole(name, given[name], 0);
  for (const name of DURATIONS) requirePositive(name, given[name]);
  for (const name of LISTS) {
    const list = given[name];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length === 0) {
      throw new UsageError(`Cannot start the test as "${name}" must be a list with at least one number`);
    }
    for (const [i, value] of list.entries()) requireWhole(`${name}[${i}]`, value, 1, MAX_LEVEL);
  }
  for (const name of ["concurrency", "batchSize"]) requireWhole(name, given[name], 1, MAX_LEVEL);
}

function requireWhole(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)) {
    return;
  }
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`Cannot start the test as "${name}" must be a whole number ${range}: current value is ${value}`);
}

function requirePositive(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw new UsageError(`Cannot start the test as "${name}" must be > 0: current value is ${value}`);
}
