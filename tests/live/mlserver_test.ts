import { startMlServer } from "./servers/mlserver.ts";
import { SMALL_MODEL } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const expected = {
  protocol: "kserve-v2",
  ...SMALL_MODEL,
  batchSizes: [1, 4],
  batching: "request",
  serverTimeInAnswer: false,
  wrongModel: "status",
} as const;

await liveSuite("MLServer", { venv: "mlserver", start: (e) => startMlServer(e) }, expected);

// The journal's count of executions shows that no answer came from the cache.
await liveSuite(
  "MLServer with a cache and two workers",
  { venv: "mlserver", start: (e) => startMlServer(e, { workers: 2, cache: true }) },
  { ...expected, workers: 2, caches: true },
);
