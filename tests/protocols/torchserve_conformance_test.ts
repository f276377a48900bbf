import { torchserve } from "../../src/protocols/torchserve.ts";
import { testConformance } from "./conformance.ts";
import { fakeTorchserve } from "./fake_torchserve.ts";

testConformance({
  factory: torchserve,
  fake: fakeTorchserve,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: false,
  batches: false,
  skip: {
    "other-model-answers": "answers do not name their model",
    "item-failed": "a request is one item: it fails as a whole",
    "says-no-success": "a failure is told by the status",
    "no-server-time": "answers never hold the server's time",
    download: "models are registered from archives, not fetched by name",
  },
});
