import { UsageError } from "../../core/errors.ts";
import { TEST_NAMES, type TestName } from "../../measure/settings/setting.ts";
import type { GivenOptions } from "./given_options.ts";
import type { OptionSpec } from "./option.ts";
import { type CommandOptionName, optionNamed } from "./options.ts";

/** What may be asked of a server instead of a test. */
const COMMANDS = [
  "list-models",
  "list-downloadable",
  "download",
  "describe",
] as const satisfies readonly CommandOptionName[];

/** Options that some tests do not look at beside others, or without one. */
interface Idle extends Pick<OptionSpec, "not" | "needs" | "tests"> {
  /** Their names. */
  readonly names: readonly string[];
  /** An option by which they are of use all the same. */
  readonly unless?: string;
}

const IDLE: readonly Idle[] = [
  { names: ["arrivals", "burst", "max-connections"], tests: ["basic"], needs: "rate" },
  // A search under objectives offers rates of its own.
  { names: ["arrivals", "burst"], not: ["ramp", "trace"], unless: "slo" },
  { names: ["duration"], not: "trace", unless: "slo" },
  { names: ["requests"], not: "trace" },
  { names: ["duration"], tests: ["ab"], not: "requests" },
  // A server that is started starts as often.
  { names: ["cold-starts", "follow-ups"], not: "no-unload", unless: "start-command" },
  { names: ["cycles", "reregister", "max-batch-delay"], not: "no-unload" },
];

/**
 * Refuses options that would be ignored beside the others: a number that silently does nothing is worse than an error.
 *
 * @param given The options.
 * @param testType The test that they are for.
 * @returns What is asked for instead of a test, or `null`.
 * @throws {UsageError} Naming the option and what takes it.
 */
export function checkCombination(given: GivenOptions, testType: TestName): typeof COMMANDS[number] | null {
  const [command = null, another] = COMMANDS.filter((name) => given.has(name));
  if (another !== undefined) {
    throw new UsageError(`Cannot run "--${command}" as it must be alone: found "--${another}" as well`);
  }
  const names = given.specs.map(({ name }) => name);
  for (const spec of given.specs) {
    if (command === null) checkTest(spec, testType);
    else checkCommand(spec, command);
    if (spec.needsUrl && !given.has("url") && command !== "describe") {
      throw new UsageError(`Cannot use "--${spec.name}" as it must be for a server of yours: there is no "--url"`, {
        hint: "The embedded server needs none of it.",
      });
    }
    checkBeside(spec, names);
  }
  // No cycles are wanted without them.
  if (command === null) {
    checkIdle(
      testType,
      given.settings().cycles === 0 ? names.filter((name) => name !== "cycles") : names,
    );
  }
  return command;
}

function checkCommand({ name, withCommands }: OptionSpec, command: string): void {
  const isTaken = withCommands && (name !== "load-timeout" || command === "download");
  if (name === command || isTaken || command === "describe" && name === "output") return;
  throw new UsageError(`Cannot run "--${command}" with "--${name}" as that is for tests`, { hint: "Leave it out." });
}

function checkTest({ name, tests, counterpart }: OptionSpec, testType: TestName): void {
  if (tests?.includes(testType) ?? true) return;
  const isForOthers = tests!.length === TEST_NAMES.length - 1;
  const takesCounterpart = counterpart !== undefined && (optionNamed(counterpart).tests?.includes(testType) ?? true);
  throw new UsageError(
    `Cannot run the ${testType} test with "--${name}" as that is for ${
      isForOthers ? "the other tests" : tests!.join(", ")
    }`,
    {
      hint: takesCounterpart
        ? `Use --${counterpart}.`
        : isForOthers
        ? "Leave it out."
        : "Leave it out, or choose another test.",
    },
  );
}

function checkBeside(
  { name, not = [], needs }: Pick<OptionSpec, "name" | "not" | "needs">,
  names: readonly string[],
): void {
  const other = [not].flat().find((each) => names.includes(each));
  if (other !== undefined) {
    throw new UsageError(
      `Cannot read the command line as there must be one of "--${name}" and "--${other}": found both`,
      { hint: "Leave one out." },
    );
  }
  if (needs !== undefined && !names.includes(needs)) {
    throw new UsageError(`Cannot use "--${name}" as it must be with "--${needs}": there is none`, {
      hint: `Leave it out, or give --${needs}.`,
    });
  }
}

function checkIdle(testType: TestName, names: readonly string[]): void {
  for (const { names: idle, tests, unless, ...rule } of IDLE) {
    if (!(tests?.includes(testType) ?? true) || (unless !== undefined && names.includes(unless))) continue;
    for (const name of idle) if (names.includes(name)) checkBeside({ name, ...rule }, names);
  }
}
