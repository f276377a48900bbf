import { torchInference } from "../../src/protocols/torch_inference.ts";
import { testConformance } from "./conformance.ts";
import { fakeTorchInference } from "./fake_torch_inference.ts";

testConformance({
  factory: torchInference,
  fake: fakeTorchInference,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: true,
  skip: {},
});
