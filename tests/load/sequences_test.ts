import { assert, assertEquals, assertLess } from "@std/assert";
import type { Transport, WireRequest } from "../../src/core/transport.ts";
import type { Sequencing } from "../../src/core/request/sequence.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { generateInputs } from "../../src/items/generate_inputs.ts";
import { constantArrivals } from "../../src/load/arrivals.ts";
import { runClosedLoop } from "../../src/load/closed_loop.ts";
import { runOpenLoop } from "../../src/load/open_loop.ts";
import { createRequestPool } from "../../src/load/requests/request_pool.ts";
import { LaneSequence, SequenceIds } from "../../src/load/sequences.ts";
import { createEncoder } from "../../src/protocols/kserve_v2/encode.ts";
import { type Arrival, type Fate, simulatedProtocol, SimulatedServer } from "./simulated_server.ts";
import { VirtualClock } from "./virtual_clock.ts";

const OF_FIVE: Sequencing = { id: "number", idleMs: null, length: 5 };

interface Step {
  readonly sequence_id: number | string;
  readonly sequence_start: boolean;
  readonly sequence_end: boolean;
}

function poolOf(sequence: Sequencing, elements = 4) {
  const tensors = [{ name: "x", datatype: "FP32", shape: [elements] }] as const;
  const encoder = createEncoder("m", { batched: true }, false);
  const items = generateInputs({ spec: { kind: "tensors", tensors }, from: 0, to: 32, seed: 1, varies: true });
  const protocol = { encode: (_: string, ...rest: Parameters<typeof encoder.encode>) => encoder.encode(...rest) };
  return createRequestPool(protocol, "m", items, { batchSize: 1, sequence });
}

const stepOf = ({ body }: WireRequest): Step => JSON.parse(new TextDecoder().decode(wholeBody(body))).parameters;

/** What a server was sent, by sequence and in its order. */
class Journal {
  readonly sequences = new Map<Step["sequence_id"], Step[]>();
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  get transport(): Transport {
    return {
      ...this.#inner,
      openLane: () => {
        const lane = this.#inner.openLane();
        return {
          ...lane,
          send: (request, timeoutMs, observer) => {
            const step = stepOf(request);
            const steps = this.sequences.get(step.sequence_id) ?? [];
            this.sequences.set(step.sequence_id, [...steps, step]);
            lane.send(request, timeoutMs, observer);
          },
        };
      },
    };
  }

  get lengths(): number[] {
    return [...this.sequences.values()].map(({ length }) => length);
  }

  check(): void {
    for (const steps of this.sequences.values()) {
      steps.forEach(({ sequence_start, sequence_end }, i) => {
        assertEquals([sequence_start, sequence_end], [i === 0, i === steps.length - 1]);
      });
    }
  }
}

function simulate(fate: (arrival: Arrival) => Fate, open: boolean, sequence = OF_FIVE, signal?: AbortSignal) {
  const clock = new VirtualClock();
  const journal = new Journal(new SimulatedServer(clock, fate).openTransport());
  const plan = {
    transport: journal.transport,
    protocol: simulatedProtocol,
    pool: poolOf(sequence),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    timeoutMs: 1000,
    warmUpRequests: 0,
    durationMs: 1000,
    clock,
    ...(signal === undefined ? {} : { signal }),
  };
  const run = open
    ? runOpenLoop({ ...plan, arrivals: constantArrivals(100), maxLanes: 50 })
    : runClosedLoop({ ...plan, concurrency: 3 });
  return { clock, journal, run: clock.run<unknown>(run) };
}

Deno.test("a load of a stateful model sends whole sequences, and ends those that its window cut", async () => {
  for (const open of [false, true]) {
    const { journal, run } = simulate(() => ({ serviceMs: 12 }), open);
    await run;
    journal.check();
    assert(journal.lengths.filter((length) => length === 5).length > 15, `${open}`);
    assertLess(journal.lengths.filter((length) => length !== 5).length, 4);
  }
});

Deno.test("a sequence that failed in its middle is begun anew with another id, and ended after the window", async () => {
  const { journal, run } = simulate(
    ({ index }) => index === 7 ? { failure: "reset", afterMs: 5 } : { serviceMs: 10 },
    false,
  );
  await run;
  const broken = [...journal.sequences.values()].filter((steps) => steps.length > 1 && steps.length < 5);
  assert(broken.every((steps) => steps[0]!.sequence_start && steps.at(-1)!.sequence_end));
  journal.check();
});

Deno.test("a server that refuses every request is sent the begins of sequences alone", async () => {
  const { journal, run } = simulate(() => ({ failure: "status", afterMs: 5 }), false);
  await run;
  assertEquals(new Set(journal.lengths), new Set([1]));
});

Deno.test("sequences are ended where the user interrupts the run", async () => {
  const interrupted = new AbortController();
  const { clock, journal, run } = simulate(() => ({ serviceMs: 10 }), false, OF_FIVE, interrupted.signal);
  clock.after(123, () => interrupted.abort());
  await run;
  for (const steps of journal.sequences.values()) assert(steps.at(-1)!.sequence_end);
});

Deno.test("LaneSequence gives a sequence up that the server has forgotten meanwhile", () => {
  const lane = new LaneSequence(new SequenceIds({ id: "number", idleMs: 1000, length: 3 }, 0));
  const first = lane.next(0);
  lane.ended("success", 10);
  assertEquals(lane.next(700), { id: first.id, start: false, end: false });
  lane.ended("success", 710);
  const later = lane.next(1700);
  assertEquals(later, { id: first.id + 1, start: true, end: false });
  lane.ended("success", 1710);
  // The server may have kept the first all the same.
  assertEquals(lane.endings(), [later.id, first.id].map((id) => ({ id, start: false, end: true })));
  assertEquals(lane.endings(), []);
});

Deno.test("SequenceIds are of one length, differ, and begin anywhere", () => {
  for (const [id, digits] of [["number", 16], ["number32", 10], ["text", 16]] as const) {
    for (const random of [0, 0.5, 1 - Number.EPSILON]) {
      const ids = new SequenceIds({ id, idleMs: null, length: 2 }, random);
      const found = Array.from({ length: 100 }, () => ids.next());
      assertEquals(new Set(found).size, 100);
      assert(found.every((one) => String(one).length === digits && Number.isSafeInteger(one)), `${id} ${random}`);
      if (id === "number32") assert(found.every((one) => one < 2 ** 31));
    }
  }
  const begins = Array.from({ length: 50 }, () => new SequenceIds(OF_FIVE).next());
  assertEquals(new Set(begins).size, 50);
});

Deno.test("requests say their steps whatever their size, each in bytes of its own", () => {
  for (const elements of [4, 3000, 40_000]) {
    const pool = poolOf({ ...OF_FIVE, id: "text" }, elements);
    const a = pool.next({ id: 1234567890123456, start: true, end: false });
    const rest = Array.from({ length: pool.size }, () => pool.next());
    assertEquals(stepOf(a), { sequence_id: "1234567890123456", sequence_start: true, sequence_end: false });
    for (const one of rest) assertEquals([stepOf(one).sequence_start, stepOf(one).sequence_end], [true, true]);
    assertEquals(new Set(rest.map((one) => stepOf(one).sequence_id)).size, pool.size);
    for (const one of [a, ...rest]) pool.release(one);
    const again = pool.next({ id: 2 ** 53 - 1, start: false, end: true });
    assertEquals(stepOf(again), { sequence_id: "9007199254740991", sequence_start: false, sequence_end: true });
  }
});
