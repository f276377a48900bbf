import { startTriton, whyNoTriton } from "./servers/triton.ts";
import { LIVE_MODELS } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

for (const { model, weightsBytes } of LIVE_MODELS) {
  await liveSuite(`Triton, ${model}`, { whyNot: whyNoTriton, start: (e) => startTriton(e, { models: [model] }) }, {
    protocol: "kserve-v2",
    model,
    weightsBytes,
    batchSizes: [1, 4],
    batching: "request",
    serverTimeInAnswer: false,
    wrongModel: "status",
  });
}
