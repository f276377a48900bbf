/** Files that may break a rule for the time being, by rule. */
export interface KnownOffenders {
  /** Imports against the arrows. */
  readonly imports: readonly string[];
  /** Circles, by the file of the first import. */
  readonly circles: readonly string[];
  /** Flags outside of the command line. */
  readonly flags: readonly string[];
}

/** What stood against the rules when they were written. It only gets shorter, and goes when it is empty. */
export const KNOWN_OFFENDERS: KnownOffenders = {
  imports: [
    "src/protocols/connect_server.ts",
    "src/protocols/shared/server_calls.ts",
    "src/test_types/basic.ts",
    "tasks/bench_client.ts",
  ],
  circles: [
    "src/cli/commands/ab_command.ts",
    "src/cli/commands/server_access.ts",
    "src/cli/inputs/given_headers.ts",
    "src/cli/options/combination.ts",
    "src/measure/client_ceiling.ts",
    "src/plot/kit/chart.ts",
    "src/report/sections/block.ts",
  ],
  flags: [
    "src/compare/compare.ts",
    "src/load/generate_inputs.ts",
    "src/protocols/connect.ts",
    "src/protocols/detect.ts",
    "src/protocols/generic.ts",
    "src/protocols/kserve_v2/encode.ts",
    "src/protocols/kserve_v2/item_tensors.ts",
    "src/protocols/shared/lacks_model.ts",
    "src/protocols/shared/model_version.ts",
    "src/protocols/shared/unknown_input_error.ts",
    "src/protocols/torchserve.ts",
    "src/protocols/torchserve/encode.ts",
    "src/protocols/torchserve/timings.ts",
    "src/protocols/torchserve/token.ts",
    "src/report/json/parse_report.ts",
    "src/report/sections/basic.ts",
    "src/report/sections/latency.ts",
    "src/wire/access.ts",
    "src/wire/headers.ts",
    "src/wire/undici/connector.ts",
    "src/wire/url.ts",
    "src/words/finding_in_words.ts",
  ],
};
