import { UsageError } from "../../core/errors.ts";
import type { GivenOptions } from "./given_options.ts";
import { type OptionName, optionNamed, type TestType } from "./options.ts";
import { ACCESS_OPTIONS } from "../commands/server_access.ts";

/** What may be asked of a server instead of a test. */
const COMMANDS = ["list-models", "list-downloadable", "download"] as const;

/** Options that such a command takes. `deno task latency --list-models` gives a test type by itself. */
const OF_COMMANDS: readonly OptionName[] = [
  "test-type",
  "url",
  ...ACCESS_OPTIONS,
  "timeout",
  "verbose",
];

/** Options without a meaning for the embedded server. */
const OF_URL: readonly OptionName[] = [
  ...ACCESS_OPTIONS.filter((name) => name !== "protocol"),
  "reregister",
  "max-batch-delay",
  "pid",
];

/** Options of which one is for a sweep and the other for a test at one level. */
const COUNTERPARTS: readonly (readonly [OptionName, OptionName])[] = [
  ["concurrency", "levels"],
  ["levels", "concurrency"],
  ["batch-size", "batch-sizes"],
  ["batch-sizes", "batch-size"],
];

/**
 * Refuses options that would be ignored beside the others: a number that silently does nothing is worse than an error.
 *
 * @param given The options.
 * @param testType The test that they are for.
 * @returns What is asked for instead of a test, or `null`.
 * @throws {UsageError} Naming the option and what takes it.
 */
export function checkCombination(given: GivenOptions, testType: TestType): typeof COMMANDS[number] | null {
  const [command = null, another] = COMMANDS.filter((name) => given.has(name));
  if (another !== undefined) {
    throw new UsageError(`Cannot run "--${command}" as it must be alone: found "--${another}" as well`);
  }
  for (const name of given.names) {
    if (command !== null && name !== command && !OF_COMMANDS.includes(name)) {
      throw new UsageError(`Cannot run "--${command}" with "--${name}" as that is for tests`, {
        hint: "Leave it out.",
      });
    }
    if (command === null) checkTestType(name, testType);
    if (OF_URL.includes(name) && !given.has("url")) {
      throw new UsageError(`Cannot use "--${name}" as it must be for a server of yours: there is no "--url"`, {
        hint: "The embedded server needs none of it.",
      });
    }
  }
  return command;
}

function checkTestType(name: OptionName, testType: TestType): void {
  const takes = (option: OptionName) => optionNamed(option).tests?.includes(testType) ?? true;
  if (takes(name)) return;
  const counterpart = COUNTERPARTS.find(([option, other]) => option === name && takes(other))?.[1];
  throw new UsageError(
    `Cannot run the ${testType} test with "--${name}" as that is for ${optionNamed(name).tests!.join(", ")}`,
    { hint: counterpart === undefined ? "Leave it out, or choose another test." : `Use --${counterpart}.` },
  );
}
