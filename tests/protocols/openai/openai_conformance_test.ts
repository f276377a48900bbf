import { openai } from "../../../src/protocols/openai.ts";
import { testConformance } from "../conformance.ts";
import { fakeOpenai } from "./fake_openai.ts";

testConformance({
  factory: openai,
  fake: fakeOpenai,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: false,
  batches: false,
  skip: {
    "other-model-answers": "servers answer with names of their own for a model",
    "item-failed": "a request is one item: it fails as a whole",
    "all-null": "an answer is a stream",
    "one-null": "an answer is a stream",
    "no-server-time": "answers never hold the server's time",
    download: "there is no route for it",
    list: "only what is loaded is listed",
    lifecycle: "there is no route for it",
    "unload-ignored": "there is no route for it",
    "without-lifecycle": "there is no route for it",
  },
});
