import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { openProgressBar } from "../../../src/cli/terminal/progress_bar.ts";
import { progressLine } from "../../../src/cli/terminal/progress_line.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { Progress } from "../../../src/results/progress.ts";
import { boundedOptions } from "../../../src/test_types/comprehensive/bounded_options.ts";
import { longestMs } from "../../../src/test_types/comprehensive/longest_ms.ts";
import { COMPREHENSIVE_KINDS } from "../../../src/results/comprehensive_kinds.ts";

/** A clock that stands still until it is told to go on, and a stderr that keeps what comes. */
class Stage implements Pick<Clock, "now" | "sleep"> {
  readonly written: string[] = [];
  columns: number | null = 80;
  readonly ascii = true;
  #now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  readonly draw = (text: string) => void this.written.push(text);
  readonly error = (message: string) => void this.written.push(`${message}\n`);
  readonly terminalColumns = () => this.columns;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ until: this.#now + ms, wake: resolve });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /** Goes on; who slept long enough wakes up. */
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  }

  open(verbose = false, kinds: readonly Progress["test"][] = COMPREHENSIVE_KINDS) {
    return openProgressBar(this, { kinds, verbose, clock: this });
  }
}

const step = (test: Progress["test"], stage: string, fraction: number): Progress => ({ test, stage, fraction });

Deno.test("openProgressBar() draws one line over itself on a terminal and clears it when it is closed", async () => {
  const stage = new Stage();
  const bar = stage.open();
  bar.update(step("basic", "a rather long stage", 0.5));
  await stage.advance(1000);
  bar.update(step("latency", "short", 0));
  bar.close();
  bar.close();
  bar.update(step("latency", "after the end", 1));
  const [first, second, cleared, ...rest] = stage.written; // a step within 100 ms is not drawn
  assertEquals(first, "\r[1/5] basic  ##------------------   10 %  0:00  a rather long stage");
  assertEquals(second?.trimEnd(), "\r[1/5] basic  ##------------------   10 %  0:01  a rather long stage");
  assertMatch(cleared!, /^\r {60,}\r$/);
  assertEquals(rest, []);
});

Deno.test("openProgressBar() draws at most ten times a second, and goes on while nothing is reported", async () => {
  const stage = new Stage();
  using bar = stage.open();
  for (let i = 0; i < 100; i++) {
    bar.update(step("basic", `step ${i}`, i / 100));
    await stage.advance(10);
  }
  const busy = stage.written.length;
  assert(busy <= 11 && busy >= 9, `${busy} lines in a second`);
  for (let i = 0; i < 5; i++) await stage.advance(1000);
  assertEquals(stage.written.length - busy, 5);
  assertMatch(stage.written.at(-1)!, /0:06/);
});

Deno.test("openProgressBar() never falls back, whatever is reported, and is not done while something runs", async () => {
  const stage = new Stage();
  using bar = stage.open(false, ["basic", "latency"]);
  const steps = [
    step("basic", "a", 0.6),
    step("basic", "b", 0.2),
    step("latency", "c", NaN),
    step("latency", "d", 7),
    step("operating-points", "e", 0),
  ];
  for (const progress of steps) {
    bar.update(progress);
    await stage.advance(200);
  }
  const percents = stage.written.map((line) => Number(/(\d+) %/.exec(line)![1]));
  assertEquals(percents, percents.toSorted((a, b) => a - b));
  assertEquals(percents.at(-1), 99);
});

Deno.test("openProgressBar() prints a plain line now and then when stderr is no terminal and details are wanted", async () => {
  const stage = new Stage();
  stage.columns = null;
  using bar = stage.open(true);
  const steps: [Progress, number][] = [
    [step("basic", "warm-up", 0), 1000],
    [step("basic", "pass 1", 0.1), 2500],
    [step("basic", "pass 1", 0.5), 100],
    [step("basic", "pass 1", 0.9), 100],
    [step("latency", "cold start 1 of 5", 0), 0],
  ];
  for (const [progress, ms] of steps) {
    bar.update(progress);
    await stage.advance(ms);
  }
  assertEquals(stage.written, [
    "basic: warm-up (0 %, 0:00)\n",
    "basic: pass 1 (10 %, 0:03, about 0:31 left)\n",
    "latency: cold start 1 of 5 (60 %, 0:03, about 0:02 left)\n",
  ]);
});

Deno.test("openProgressBar() prints a line every 30 s when stderr is no terminal, whatever is reported", async () => {
  const stage = new Stage();
  stage.columns = null;
  const bar = stage.open(false, ["load"]);
  bar.update(step("load", "warm-up", 0));
  await stage.advance(29_000);
  assertEquals(stage.written, []);
  await stage.advance(1000);
  bar.update(step("load", "20 req/s", 0.5));
  for (let s = 0; s < 30; s += 10) await stage.advance(10_000);
  bar.close();
  await stage.advance(60_000);
  assertEquals(stage.written, [
    "load: warm-up (0 %, 0:30)\n",
    "load: 20 req/s (50 %, 1:00, about 1:00 left)\n",
  ]);
});

Deno.test("openProgressBar() weighs tests by how long they may take, and says in the beginning how long all do", async () => {
  const stage = new Stage();
  stage.columns = null;
  const longest: Readonly<Record<string, number>> = { basic: 10_000, scalability: 80_000 };
  const options = { kinds: ["basic", "scalability"], verbose: true, clock: stage } as const;
  using bar = openProgressBar(stage, { ...options, longestMs: (kind) => longest[kind] ?? null });
  bar.update(step("basic", "a", 0));
  await stage.advance(9000);
  bar.update(step("scalability", "b", 0));
  assertEquals(stage.written, [
    "basic: a (0 %, 0:00, up to 2 min)\n",
    "scalability: b (11 %, 0:09, about 1:12 left)\n",
  ]);
});

Deno.test("longestMs() knows a bound of every test of a comprehensive run: two minutes together", () => {
  const options = boundedOptions(COMPREHENSIVE_KINDS, {});
  const all = [...COMPREHENSIVE_KINDS, "operating-points" as const].map((kind) => longestMs(kind, options, true));
  const seconds = all.reduce((sum: number, ms) => sum + ms!, 0) / 1000;
  assert(seconds > 60 && seconds < 130, `${seconds} s`);
  assertEquals(longestMs("load", { objectives: "p99<1ms" }), null);
  assertEquals(longestMs("throughput", { requests: 10 }), null);
});

Deno.test("progressLine() fits any width and keeps the percentage longest", () => {
  const view = {
    test: "scalability",
    stage: "concurrency 16, pass 2",
    place: 4,
    tests: 5,
    fraction: 0.6,
    elapsedMs: 60_000,
  };
  const widths: [number, string][] = [
    [200, "[4/5] scalability  ████████████░░░░░░░░   60 %  1:00, about 0:40 left  concurrency 16, pass 2"],
    [84, "[4/5] scalability  ████████████░░░░░░░░   60 %  1:00, about 0:40 left  concurrency…"],
    [70, "[4/5] scalability  ████████████░░░░░░░░   60 %  1:00, about 0:40 left"],
    [60, "[4/5] scalability  ████████████░░░░░░░░   60 %  1:00"],
    [42, "[4/5] scalability   60 %  1:00  concurre…"],
    [30, "[4/5] scalability   60 %"],
    [10, "60 %"],
    [3, "60"],
    [0, ""],
  ];
  for (const [columns, expected] of widths) {
    assertEquals(progressLine(view, columns, false), expected, `${columns} columns`);
  }
});

Deno.test("progressLine() is one line within the terminal whatever the stage is called", () => {
  const views = fc.record({
    test: fc.constantFrom<string>(...COMPREHENSIVE_KINDS),
    stage: fc.string(),
    place: fc.constant(1),
    tests: fc.integer({ min: 1, max: 6 }),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    elapsedMs: fc.integer({ min: 0, max: 10 ** 9 }),
  });
  fc.assert(fc.property(views, fc.integer({ min: 0, max: 300 }), fc.boolean(), (view, columns, ascii) => {
    const line = progressLine(view, columns, ascii);
    assert(line.length < Math.max(1, columns), `${line.length} of ${columns}`);
    assert(!/\p{C}/u.test(line));
  }));
});
