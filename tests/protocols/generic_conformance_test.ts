import { genericProtocol } from "../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { testConformance } from "./conformance.ts";
import { FAKE_GENERIC, fakeGeneric } from "./fake_generic.ts";

testConformance({
  factory: genericProtocol(await parseGenericSpec(FAKE_GENERIC, "server.json", () => Promise.reject())),
  fake: fakeGeneric,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: false,
  skip: {
    detection: "nothing that a server shows could tell that it is the one described",
    list: "a description has no request for it",
    "other-model-answers": "a description does not say where the model's name is",
    "item-failed": "a description does not say how a single item fails",
    "no-server-time": "answers never hold the server's time",
    download: "a description has no request for it",
    "without-lifecycle": "it is the description, not the server, that says so",
  },
});
