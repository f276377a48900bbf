/** Reports that try to break a page. */
import type { Report } from "../../src/core/report.ts";
import { failedMeasurement, memoryResult, throughputResult } from "./builders.ts";
import { reportOf } from "./fixtures.ts";

const MARKUP = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000\u202e&lt;b style='x'>]]>`;
const LONG = "x".repeat(300);
const failed = {
  ...failedMeasurement(),
  failuresByReason: { status: 36, malformed: 4 },
  failureExamples: { status: `${MARKUP} ${LONG}`, malformed: `${LONG} [1, 2] https://evil.example/x.png` },
};

/** Every word that a server, a user or a machine can put into a report holds markup, control characters or no space. */
export const hostileReport: Report = reportOf({
  throughput: throughputResult({}, {
    levels: [1, 2].map((batchSize) => ({ ...failed, batchSize, efficiency: null, speedup: null })),
    optimalBatchSize: null,
    equivalentBatchSizes: [],
    maxPredictionsPerSecond: null,
    plateauBatchSize: null,
    absences: { optimalBatchSize: MARKUP },
  }),
  memory: memoryResult(false, { absences: { gpu: MARKUP, fragmentation: `${MARKUP}${LONG}` } }),
}, {
  target: { url: `http://models.example/${MARKUP}`, protocol: MARKUP, model: MARKUP, embedded: false, device: MARKUP },
  command: `deno task comprehensive --model '${MARKUP}' ${LONG}`,
  tool: { name: "torchgauge", version: MARKUP },
  environment: {
    os: MARKUP,
    cpu: LONG,
    cores: 2,
    memoryBytes: null,
    deno: "2.9.6",
    gpus: [{ name: MARKUP, memoryBytes: null, driver: LONG }],
  },
  warnings: [MARKUP, LONG],
});
