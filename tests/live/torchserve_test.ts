import { startTorchServe, whyNoTorchServe } from "./servers/torchserve.ts";
import { LIVE_MODELS, liveSuite } from "./suite.ts";

await liveSuite("TorchServe", { whyNot: whyNoTorchServe, start: (e) => startTorchServe(e) }, {
  protocol: "torchserve",
  ...LIVE_MODELS[0],
  inputs: { kind: "tensors", tensors: [{ name: "image", datatype: "FP32", shape: [3, 64, 64] }] },
  batchSizes: [],
  serverTimeInAnswer: false,
  wrongModel: "status",
});
