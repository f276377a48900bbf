import type { SettingKey, Settings } from "../../measure/settings/setting.ts";
import { Given } from "./given.ts";
import { type CommandOption, OPTIONS } from "./options.ts";
import { readArguments } from "./read_arguments.ts";
import { SETTING_OPTIONS } from "./setting_options.ts";

/** Settings that are files on the command line. */
const OF_FILES = ["inputs", "traceMs"] as const satisfies readonly SettingKey[];

/** Settings for the tests that were given, but for what stands in files. */
export type RunOptions = Omit<Settings, typeof OF_FILES[number]>;

/** The options that were given of those that run tests. */
export class GivenOptions extends Given<CommandOption> {
  /**
   * Takes a command line apart; values are yet to be read.
   *
   * @param argv Arguments without the program's name.
   * @throws {UsageError} If an argument is no option, or one is given more often than it may be.
   */
  constructor(argv: readonly string[]) {
    super(OPTIONS, readArguments(argv, OPTIONS));
  }

  /** The settings that were given; of others there are none. */
  settings(): RunOptions {
    const found = SETTING_OPTIONS.filter(({ setting }) => !OF_FILES.some((key) => key === setting))
      .map((spec) => [spec.setting, this.read(spec)]);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  }

  /** The path that was given for a setting that stands in a file. */
  pathOf(setting: typeof OF_FILES[number]): string | null {
    const spec = SETTING_OPTIONS.find((option) => option.setting === setting)!;
    return this.read(spec) as string | undefined ?? null;
  }
}
