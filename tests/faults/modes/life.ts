import { fails, onCalls, onPredictions } from "../expected.ts";
import { from, type Hits, ITEM_DIALECTS, type Mode } from "../mode.ts";
import { body, GOOD, pass, STALL, status } from "../server/scripts.ts";

const GONE = fails(["reset", "refused", "closed"]);
const once = (n: number): Hits => ({ share: "some", hit: (number) => number === n });
/** Servers of language models are asked for their models instead. */
const ITEMS = { dialects: ITEM_DIALECTS } as const;
const LOST = { exit: [3], says: /lost|No request succeeded/ } as const;

/** Faults of a server that lived. */
export const LIFE: readonly Mode[] = [
  onPredictions("dies-at-once", "dies at the first prediction", ({ life }) => Promise.resolve(life.die()), {
    ...GONE,
    failing: "any",
  }, { exit: [3] }),
  onPredictions("dies-after-30", "dies after 30 predictions", ({ life }) => Promise.resolve(life.die()), {
    ...GONE,
    failing: "any",
  }, {
    hits: once(31),
    ...LOST,
  }),
  onPredictions(
    "restarts-after-30",
    "dies after 30 predictions and is back in half a second",
    async ({ life }) => {
      life.die();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await life.rise();
    },
    { ...GONE, failing: "any" },
    { hits: once(31), exit: [0, 3] },
  ),
  onPredictions(
    "model-vanishes-after-30",
    "has no model any more after 30 predictions",
    async (exchange) => {
      exchange.life.fake.models.clear();
      await status(404, "Request for unknown model: 'alpha' is not found")(exchange);
    },
    { ...fails("status"), failing: "all" },
    { hits: from(31), exit: [3], exits: { latency: [3, 6], memory: [3, 6], comprehensive: [3, 6] } },
  ),
  onPredictions(
    "dies-and-is-unhealthy-after-30",
    "answers 500 after 30 predictions and is unhealthy then",
    async (exchange) => {
      (exchange.life.fake as { fault: string }).fault = "unhealthy";
      await status(500, "the worker died")(exchange);
    },
    fails("status"),
    { hits: from(31), exit: [0, 3] },
  ),
  onCalls(
    ["health-lies", "says that it is unhealthy and serves", /GET .*(?:health|ping|alive)/],
    status(503, "not ready"),
    { reasons: [], failing: "any" },
    {
      ...ITEMS,
      exit: [3],
      says: /503|not ready/,
    },
  ),
  onCalls(["health-hangs", "never answers when it is asked for its health", /GET .*(?:health|ping|alive)/], STALL, {
    reasons: [],
    failing: "any",
  }, {
    ...ITEMS,
    exit: [3],
    says: /within \d+/,
  }),
  onCalls(
    ["health-is-garbage", "answers garbage when it is asked for its health", /GET .*(?:health|ping|alive)/],
    body("ok?"),
    { reasons: [], failing: "any" },
    {
      ...ITEMS,
      exit: [0, 3],
    },
  ),
  onCalls(
    ["health-is-slow", "takes 300 ms to say its health", /GET .*(?:health|ping|alive)/],
    async (exchange) => {
      await pass(exchange, 300);
      await GOOD(exchange);
    },
    { reasons: [], failing: "none" },
    ITEMS,
  ),
];
