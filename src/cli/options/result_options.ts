import { ONE_SERVER_TESTS } from "../../measure/settings/setting.ts";
import { FOREIGN_FORMATS } from "./meant/foreign_names.ts";
import type { OptionSpec } from "./option.ts";
import { choice, FLAG, HTML_FILE, number, PERCENT, text } from "./option_values.ts";
import { OUTPUT_FORMATS } from "./output_format.ts";

const RESULTS = { group: "Results" } as const;

/** The options that say what becomes of the results. */
export const RESULT_OPTIONS = [
  {
    ...RESULTS,
    name: "format",
    value: choice("FORMAT", OUTPUT_FORMATS, FOREIGN_FORMATS),
    description:
      "How results are written; md is GitHub's Markdown, which $GITHUB_STEP_SUMMARY gets besides where it is set",
    default: "by the ending of --output, else text",
  },
  {
    ...RESULTS,
    name: "output",
    value: text("FILE"),
    description:
      "Where results are written, - is stdout; as JSON test by test, so that those of a run that breaks off are there",
    default: "stdout",
  },
  {
    ...RESULTS,
    name: "report",
    value: HTML_FILE,
    description: "Where a report with charts is written besides",
  },
  {
    ...RESULTS,
    name: "open",
    value: FLAG,
    description: "Open that report in the browser when it is written",
    needs: "report",
  },
  {
    ...RESULTS,
    name: "junit",
    value: text("FILE.xml"),
    description: "Where checks are written as JUnit's XML: a case for the run, each objective and each compared figure",
  },
  {
    ...RESULTS,
    name: "openmetrics",
    value: text("FILE"),
    description:
      "Where figures are written as gauges of OpenMetrics; $OTEL_EXPORTER_OTLP_ENDPOINT gets the same by OTLP where it is set",
  },
  {
    ...RESULTS,
    name: "samples",
    value: text("FILE.csv"),
    description:
      "Where every sample is written as it is recorded, one row a request; deno task report takes it as well",
  },
  {
    ...RESULTS,
    name: "resume",
    value: text("FILE.json"),
    description:
      "Go on with a run that broke off, from its results file: whole tests are kept, the others measured. Give its other options again",
    default: "all is measured",
    tests: ["comprehensive"],
    key: "resume",
  },
  {
    ...RESULTS,
    name: "gate",
    value: text("OBJECTIVES"),
    description:
      "End with 1 unless the results keep these, for example 'p99<100ms,errors<1%' in quotes; see Objectives in --help --all",
    tests: ONE_SERVER_TESTS,
  },
  {
    ...RESULTS,
    name: "gate-lenient",
    value: FLAG,
    description: "Let an objective pass whose interval straddles its limit, instead of counting it as missed",
    tests: ONE_SERVER_TESTS,
    needs: "gate",
  },
  {
    ...RESULTS,
    name: "baseline",
    value: text("FILE.json"),
    description:
      "End with 1 if a headline number is worse than in this results file, beyond its interval and the limit",
    tests: ONE_SERVER_TESTS,
  },
  {
    ...RESULTS,
    name: "max-regression",
    value: PERCENT,
    description: "The limit of --baseline",
    default: "5%",
    tests: ONE_SERVER_TESTS,
    needs: "baseline",
  },
  {
    ...RESULTS,
    name: "price-per-hour",
    value: number({ least: 0.0001, most: 1_000_000 }, "USD"),
    description: "What the server costs, for the price of a million predictions at its fastest and most efficient load",
    tests: ONE_SERVER_TESTS,
    key: "pricePerHour",
  },
  {
    ...RESULTS,
    name: "verbose",
    value: FLAG,
    description: "Say on stderr what is being done",
    withCommands: true,
  },
] as const satisfies readonly OptionSpec[];
