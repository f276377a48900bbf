import { kserveV2 } from "../../src/protocols/kserve_v2.ts";
import { testConformance } from "./conformance.ts";
import { fakeKserveV2 } from "./fake_kserve_v2.ts";

testConformance({
  factory: kserveV2,
  fake: fakeKserveV2,
  item: (n) => ({ kind: "text", text: `text ${n}` }),
  tellsServerTime: false,
  skip: {
    "item-failed": "an item cannot fail alone: the request fails",
    download: "load fetches a model from the repository by itself",
  },
});
