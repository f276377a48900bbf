import { TEST_NAMES, type TestName } from "../../measure/settings/setting.ts";
import { asksFor, asksForHelp } from "./read_arguments.ts";

/** What help is asked for. */
export interface AskedHelp {
  /** Says that it is help. */
  readonly kind: "help";
  /** Of which test, or `null`. */
  readonly testType: TestName | null;
  /** Whether everything is wanted. */
  readonly all: boolean;
}

/**
 * What help a command line asks for; what else it says, mistakes included, does not count.
 *
 * @param argv Arguments without the program's name.
 * @returns `null` where it asks for none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(askedHelp(["--test-type", "basic", "-h"]), { kind: "help", testType: "basic", all: false });
 * assertEquals(askedHelp(["--help", "--all"]), { kind: "help", testType: null, all: true });
 * assertEquals(askedHelp(["--quick"]), null);
 * ```
 */
export function askedHelp(argv: readonly string[]): AskedHelp | null {
  if (!asksForHelp(argv)) return null;
  const named = argv.flatMap((word, i) =>
    argv[i - 1] === "--test-type" ? [word] : word.startsWith("--test-type=") ? [word.slice("--test-type=".length)] : []
  );
  return {
    kind: "help",
    testType: TEST_NAMES.findLast((name) => named.includes(name)) ?? null,
    all: asksFor(argv, "--all"),
  };
}
