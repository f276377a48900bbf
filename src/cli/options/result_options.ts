import type { OptionSpec } from "./option_spec.ts";

/** What `--format` takes. */
export const OUTPUT_FORMATS = ["text", "json", "csv"] as const;

/** One member of {@linkcode OUTPUT_FORMATS}. */
export type OutputFormat = typeof OUTPUT_FORMATS[number];

/** Options that say what becomes of the results, or what to do instead of a test. */
export const RESULT_OPTIONS = [
  {
    name: "format",
    group: "Results",
    value: { kind: "choice", placeholder: "FORMAT", choices: OUTPUT_FORMATS },
    description: "How results are written",
    default: "by the ending of --output, else text",
  },
  {
    name: "output",
    group: "Results",
    value: { kind: "text", placeholder: "FILE" },
    description: "Where results are written",
    default: "stdout",
  },
  {
    name: "report",
    group: "Results",
    value: { kind: "text", placeholder: "FILE.html" },
    description: "Where a report with charts is written besides",
  },
  {
    name: "gate",
    group: "Results",
    value: { kind: "text", placeholder: "OBJECTIVES" },
    description:
      "End with 1 unless the results keep these, for example 'p99<100ms,errors<1%' in quotes; see Objectives in --help",
  },
  {
    name: "gate-lenient",
    group: "Results",
    value: { kind: "flag" },
    description: "Let an objective pass whose interval straddles its limit, instead of counting it as missed",
  },
  {
    name: "baseline",
    group: "Results",
    value: { kind: "text", placeholder: "FILE.json" },
    description:
      "End with 1 if a headline number is worse than in this results file, beyond its interval and the limit",
  },
  {
    name: "max-regression",
    group: "Results",
    value: { kind: "text", placeholder: "PERCENT" },
    description: "The limit of --baseline",
    default: "5%",
  },
  {
    name: "verbose",
    group: "Results",
    value: { kind: "flag" },
    description: "Say on stderr what is being done",
  },
  {
    name: "list-models",
    group: "Instead of a test",
    value: { kind: "flag" },
    description: "List the models that the server has",
  },
  {
    name: "list-downloadable",
    group: "Instead of a test",
    value: { kind: "flag" },
    description: "List the models that the server can download",
  },
  {
    name: "download",
    group: "Instead of a test",
    value: { kind: "text", placeholder: "NAME" },
    description: "Have the server download a model",
  },
  { name: "help", short: "h", group: "Instead of a test", value: { kind: "flag" }, description: "Show this help" },
  { name: "version", group: "Instead of a test", value: { kind: "flag" }, description: "Show the version" },
] as const satisfies readonly OptionSpec[];
