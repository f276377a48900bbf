import { stringsOf, withoutComments } from "./imports_of.ts";
import type { SourceFile, Violation } from "./violation.ts";

/** Files whose flags are those of another program: nvidia-smi's `--format`. */
const OTHER_PROGRAMS = ["src/observe/gpu/nvidia_smi.ts"];

/**
 * Flags of the command line in strings of `src/` outside of `src/cli/`: a notebook user has no flags. Flags of other
 * programs, custom properties of CSS and comments are none of them.
 *
 * @param file A module.
 * @param flags The flags of the command line, each with its `--`.
 * @returns Violations in the order of the text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const file = { path: "src/load/a.ts", source: 'const HINT = "Give --url.";' };
 * assertEquals(flagWordsIn(file, new Set(["--url"])), [{
 *   path: "src/load/a.ts",
 *   line: 1,
 *   message: "flags are written in src/cli only, an error names the option's key: found --url",
 * }]);
 * ```
 */
export function flagWordsIn({ path, source }: SourceFile, flags: ReadonlySet<string>): readonly Violation[] {
  if (!path.startsWith("src/") || path.startsWith("src/cli/") || OTHER_PROGRAMS.includes(path)) return [];
  const code = withoutComments(source);
  return stringsOf(code).flatMap(([start, end]) =>
    [...code.slice(start, end).matchAll(/(?<![\w-])--[a-z][a-z-]*/g)]
      .filter(([flag]) => flags.has(flag))
      .map(({ 0: flag, index }) => ({
        path,
        line: code.slice(0, start + index).split("\n").length,
        message: `flags are written in src/cli only, an error names the option's key: found ${flag}`,
      }))
  );
}

/**
 * The flags that the table of options of README.md lists; a test keeps it complete.
 *
 * @param readme Text of README.md.
 * @returns Each with its `--`.
 * @throws {TypeError} If there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...flagsOf("| `--url URL` | Base URL | |\n| `--quick` | | |")], ["--url", "--quick"]);
 * ```
 */
export function flagsOf(readme: string): ReadonlySet<string> {
  const flags = new Set([...readme.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag!));
  if (flags.size === 0) throw new TypeError("Cannot check flags as README.md must list the options: found none");
  return flags;
}
