import { ollama } from "../../../src/protocols/ollama.ts";
import { testConformance } from "../conformance.ts";
import { fakeOllama } from "./fake_ollama.ts";

testConformance({
  factory: ollama,
  fake: fakeOllama,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: true,
  batches: false,
  skip: {
    "other-model-answers": "a tag may be left out of a name, and is not in the answer",
    "item-failed": "a request is one item: it fails as a whole",
    "all-null": "an answer is a stream",
    "one-null": "an answer is a stream",
    download: "a model is pulled by its own command",
    list: "a model is loaded when it is first asked",
    lifecycle: "a model is loaded when it is first asked",
    "unload-ignored": "a model is loaded when it is first asked",
    "without-lifecycle": "a model is loaded when it is first asked",
  },
});
