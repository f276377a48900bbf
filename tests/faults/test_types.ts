/** A level or a visit takes no longer. */
const SHORT = ["--duration", "0.4"] as const;

/** Every test type of the command, with options that make it short. */
export const TEST_TYPES = {
  basic: ["--requests", "40", "--duration", "5"],
  latency: [...SHORT, "--cold-starts", "1", "--follow-ups", "2"],
  throughput: [...SHORT, "--batch-sizes", "1,4"],
  scalability: [...SHORT, "--levels", "1,4"],
  prompts: [...SHORT, "--prompt-lengths", "16,64,256"],
  memory: ["--soak", "0.5", "--batch-sizes", "1"],
  load: [...SHORT, "--rates", "40"],
  ab: [...SHORT, "--blocks", "2"],
  comprehensive: [
    ...SHORT,
    "--cold-starts",
    "1",
    "--follow-ups",
    "2",
    "--batch-sizes",
    "1,4",
    "--levels",
    "1,4",
    "--soak",
    "0.5",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Those of language models alone: their servers speak what those of others do not. */
export const LANGUAGE_TEST_TYPES: readonly TestType[] = ["prompts"];

/** One test type. */
export type TestType = keyof typeof TEST_TYPES;

/** All of them. */
export const ALL_TEST_TYPES = Object.keys(TEST_TYPES) as readonly TestType[];
