import { either, fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { ITEM_DIALECTS, type Mode, oneIn } from "../mode.ts";
import { body, changed } from "../server/scripts.ts";
import { TENSORS } from "./tensors.ts";

const MALFORMED = fails("malformed");
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

/** What ends a stream has been read before. */
const ITEMS = { dialects: ITEM_DIALECTS } as const;
const TORCH = { dialects: ["torch-inference"] } as const;

/** Faults of what an answer says, in every protocol. */
const OF_ALL: readonly Mode[] = [
  onPredictions("nested-lists", "nests 100,000 lists", body(nested(100_000, "[", "]")), MALFORMED),
  onPredictions(
    "nested-objects",
    "nests 100,000 objects",
    body(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`),
    MALFORMED,
  ),
  onPredictions(
    "nested-within-answer",
    "puts 100,000 nested lists into one sound answer in ten",
    body(({ good }) => good.body.replace("{", `{"note":${nested(100_000, "[", "]")},`)),
    either(["malformed"]),
    {
      hits: oneIn(10),
    },
  ),
  onPredictions("no-json", "answers words", body("All is well."), MALFORMED, {
    dialects: ["kserve-v2", "torch-inference", "generic"],
  }),
  onPredictions("json-cut", "cuts its JSON", body(({ good }) => good.body.slice(0, -5)), MALFORMED, ITEMS),
  onPredictions(
    "json-cut-one-in-five",
    "cuts the JSON of one answer in five",
    body(({ good }) => good.body.slice(0, -1)),
    MALFORMED,
    { ...ITEMS, hits: oneIn(5) },
  ),
  onPredictions("json-twice", "writes its JSON twice", body(({ good }) => good.body + good.body), MALFORMED, ITEMS),
  onPredictions("json-null", "answers null", body("null"), fails(["malformed", "rejected"])),
  onPredictions("json-true", "answers true", body("true"), MALFORMED),
  onPredictions("empty-object", "answers an empty object", body("{}"), MALFORMED, {
    dialects: ["kserve-v2", "torch-inference", "generic"],
  }),
  onPredictions("empty-list", "answers an empty list", body("[]"), MALFORMED, {
    dialects: ["kserve-v2", "torch-inference", "generic"],
  }),
  onPredictions(
    "prototype-in-answer",
    "names a member __proto__",
    body(({ good }) => good.body.replace("{", '{"__proto__":{"error":"x","outputs":[]},')),
    either("malformed"),
    {},
  ),
];

/** Faults of answers that say a time, a success and each item. */
const OF_TIMES: readonly Mode[] = [
  onPredictions(
    "server-time-1e300",
    "says that it worked 1e300 seconds",
    changed((answer) => ({ ...answer, processing_time: 1e300 })),
    SUCCEEDS,
    TORCH,
  ),
  onPredictions(
    "server-time-1e300-one-in-ten",
    "says so of one request in ten",
    changed((answer) => ({ ...answer, processing_time: 1e300 })),
    SUCCEEDS,
    {
      hits: oneIn(10),
      ...TORCH,
    },
  ),
  onPredictions(
    "server-time-1e999",
    "says a time beyond all numbers",
    body(({ good }) => good.body.replace(/"processing_time":[^,}]*/, '"processing_time":1e999')),
    SUCCEEDS,
    TORCH,
  ),
  onPredictions(
    "server-time-negative",
    "says that it worked less than no time",
    changed((answer) => ({ ...answer, processing_time: -5 })),
    SUCCEEDS,
    TORCH,
  ),
  onPredictions(
    "server-time-beyond-latency",
    "says that it worked an hour",
    changed((answer) => ({ ...answer, processing_time: 3600 })),
    SUCCEEDS,
    TORCH,
  ),
  onPredictions(
    "server-time-in-words",
    "says its time in words",
    changed((answer) => ({ ...answer, processing_time: "soon" })),
    SUCCEEDS,
    TORCH,
  ),
  onPredictions(
    "says-no-success",
    "answers 200 and no success",
    changed((answer) => ({ ...answer, success: false, error: "it failed" })),
    fails("rejected", { says: /it failed/ }),
    TORCH,
  ),
  onPredictions(
    "success-in-words",
    "says its success in words",
    changed((answer) => ({ ...answer, success: "yes" })),
    MALFORMED,
    { ...TORCH },
  ),
  onPredictions(
    "result-is-null",
    "answers no result",
    changed((answer) => ({ ...answer, result: null })),
    fails("rejected"),
    TORCH,
  ),
  onPredictions(
    "nested-nulls",
    "nests 50,000 lists around a null",
    body(({ good }) =>
      good.body.replace(
        /"result":[^}]*\}/,
        `"result":${nested(50_000, "[", "null]").replace(/(null\])+/, (all) => "null" + all.replaceAll("null", ""))}`,
      )
    ),
    fails(["rejected", "malformed"]),
    TORCH,
  ),
];

/** Faults of what an answer says. */
export const MEANING: readonly Mode[] = [...OF_ALL, ...TENSORS, ...OF_TIMES];
