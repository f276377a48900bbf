import { TEST_NAMES, type TestName, USUAL_TEST } from "../../measure/settings/setting.ts";
import type { OptionSpec } from "../options/option.ts";
import { OPTIONS } from "../options/options.ts";
import { helpPage, type HelpSection, optionRow, paragraph, row } from "./help_page.ts";
import { TEST_EXAMPLES, TEST_QUESTIONS } from "./test_summaries.ts";

/** Options that most runs use; a test's help describes them, with those of what it measures. */
const EVERYDAY: readonly OptionSpec["name"][] = [
  "url",
  "model",
  "quick",
  "input-data",
  "start-command",
  "wait",
  "protocol",
  "header",
  "token-env",
  "timeout",
  "format",
  "output",
  "report",
  "samples",
  "resume",
  "gate",
  "baseline",
  "verbose",
];

/** The groups of options that a test takes. */
const GROUPS = ["What to measure", "What to send", "Language models", "The server", "Results"] as const;

/**
 * The text of `--help`: of one test its options, three examples first; without a test what there is to run. All that there
 * is to say is in `fullHelp`.
 *
 * @param test The test, or `null`.
 * @returns Lines of at most 80 columns, the last one ended.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(helpText("basic").startsWith("How fast does the server answer at one load?\n"));
 * assert(helpText(null).includes("deno task TYPE --help"));
 * ```
 */
export function helpText(test: TestName | null): string {
  return test === null ? overview() : helpOfTest(test);
}

function overview(): string {
  const tests = TEST_NAMES.map((name) => row(name, TEST_QUESTIONS[name]).join("\n"));
  return helpPage([
    "Measures PyTorch inference servers.",
    "",
    "Usage: deno task TYPE [options]",
    `       deno task run [options]    is ${USUAL_TEST}; another with --test-type TYPE`,
  ], [
    { title: "Types", lines: tests },
    section("Options of most types", OPTIONS.filter(({ name }) => EVERYDAY.includes(name)), null),
    section("Instead of a test", OPTIONS.filter(({ group }) => group === "Instead of a test"), null),
    {
      title: "Examples",
      lines: [
        ...examples([TEST_EXAMPLES.basic[0]!, TEST_EXAMPLES.comprehensive[1]!]),
        ...examples([[
          "deno task run --list-models --url http://gpu-1:8000",
          "the models that the server has",
        ]]),
      ],
    },
    {
      title: "More",
      lines: [
        ...row("deno task TYPE --help", "Options of one type, and examples"),
        ...row("deno task run --help --all", "All options, objectives, exit codes"),
      ],
    },
  ]);
}

function helpOfTest(test: TestName): string {
  const own = OPTIONS.filter(({ tests, name }) => name !== "test-type" && (tests?.includes(test) ?? true));
  const inFull = ({ name, group }: OptionSpec) => group === "What to measure" || EVERYDAY.includes(name);
  return helpPage([
    TEST_QUESTIONS[test],
    "",
    `Usage: deno task ${test} [options]`,
  ], [
    { title: "Examples", lines: examples(TEST_EXAMPLES[test]) },
    ...GROUPS.map((group) => section(group, own.filter((spec) => spec.group === group && inFull(spec)), test)),
    {
      title: "Less often needed",
      lines: [
        ...GROUPS.flatMap((group) => {
          const names = own.filter((spec) => spec.group === group && !inFull(spec)).map(({ name }) => `--${name}`);
          return names.length === 0 ? [] : paragraph(`${group}: ${names.join(", ")}`);
        }),
      ],
    },
    {
      title: "More",
      lines: [...row(`deno task ${test} --help --all`, "All options of all types, objectives, exit codes")],
    },
  ]);
}

function section(title: string, options: readonly OptionSpec[], test: TestName | null): HelpSection {
  return { title, lines: options.flatMap((spec) => optionRow(spec, test ?? undefined)) };
}

function examples(of: readonly (readonly [example: string, purpose: string])[]): readonly string[] {
  return of.flatMap(([example, purpose]) => [`  ${example}`, `      ${purpose}`]);
}
