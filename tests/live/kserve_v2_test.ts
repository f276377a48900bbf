import { startTriton, whyNoTriton } from "./servers/triton.ts";
import { LIVE_MODELS } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

for (const live of LIVE_MODELS) {
  await liveSuite(`Triton, ${live.model}`, {
    whyNot: whyNoTriton,
    start: (e) => startTriton(e, { models: [live.model] }),
  }, {
    protocol: "kserve-v2",
    ...live,
    batchSizes: [1, 4],
    batching: "request",
    serverTimeInAnswer: false,
    wrongModel: "status",
  });
}
