import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { StreamEngine } from "./stream_engine.ts";

const BATCH: StreamBehaviour = {
  firstMs: 3,
  tokenMs: 4,
  batch: { slots: 8, ownMs: 0 },
  tokens: [2, 2],
};

/** Time whose planned moments are called when a test says so. */
function timeByHand() {
  const due: { readonly atMs: number; readonly fire: () => void }[] = [];
  let nowMs = 0;
  return {
    now: () => nowMs,
    after: (ms: number, fire: () => void) => {
      due.push({ atMs: nowMs + ms, fire });
      return () => {};
    },
    /** Something else happens then. */
    at: (ms: number, happens: () => void) => {
      nowMs = ms;
      happens();
    },
    /** Calls the next planned moment, and gives it. */
    next: () => {
      const { atMs, fire } = due.shift()!;
      nowMs = atMs;
      fire();
      return atMs;
    },
  };
}

function counting(): { tokens: number; onChunks: (upTo: readonly number[]) => void; onEnd: () => void } {
  const sink = { tokens: 0, onChunks: (upTo: readonly number[]) => void (sink.tokens = upTo.at(-1)!), onEnd: () => {} };
  return sink;
}

Deno.test("StreamEngine takes into a step what had come when the step was planned, however late it begins", () => {
  const time = timeByHand(), engine = new StreamEngine(BATCH, 1, time);
  const early = counting(), late = counting();
  engine.submit(early);
  assertAlmostEquals(time.next(), 3 + 4);
  // The next step is planned for 7.05, and begins later than this.
  time.at(7.5, () => engine.submit(late));
  time.next();
  assertAlmostEquals(time.next(), 7.05 + 4);
  assertEquals([early.tokens, late.tokens], [2, 0]);
  time.next();
  assertAlmostEquals(time.next(), 11.1 + 3 + 4);
  assertEquals(late.tokens, 1);
});

Deno.test("StreamEngine begins a step as a request comes where nobody else is, though the step before it ended late", () => {
  const time = timeByHand(), engine = new StreamEngine({ ...BATCH, tokens: [1, 1] }, 1, time);
  const late = counting();
  engine.submit(counting());
  time.next();
  time.at(7.5, () => engine.submit(late));
  time.next();
  assertAlmostEquals(time.next(), 7.5 + 3 + 4);
  assertEquals(late.tokens, 1);
});
