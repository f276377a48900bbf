/** Every test type of the command, with options that make it short. */
export const TEST_TYPES = {
  basic: ["--requests", "40"],
  latency: ["--cold-starts", "1", "--follow-ups", "2"],
  throughput: ["--batch-sizes", "1,4"],
  scalability: ["--levels", "1,4"],
  memory: ["--soak", "0.5", "--batch-sizes", "1"],
  load: ["--rates", "40"],
  ab: ["--blocks", "2"],
  comprehensive: [
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

/** One test type. */
export type TestType = keyof typeof TEST_TYPES;

/** All of them. */
export const ALL_TEST_TYPES = Object.keys(TEST_TYPES) as readonly TestType[];
