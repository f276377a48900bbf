import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { BatchQueue, type Job, QueueFullError } from "../../src/embedded/batch_queue.ts";

interface NamedJob extends Job {
  readonly name: string;
}

const job = (name: string, other: Partial<Job> = {}): NamedJob => ({
  name,
  items: 1,
  priority: 0,
  mayShare: true,
  signal: null,
  ...other,
});

/** A queue whose executions end when the test says so. */
function stagedQueue(maxWaiting = 100) {
  const executions: { names: string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const queue = new BatchQueue<NamedJob, string>({
    maxItems: 16,
    maxWaiting,
    execute: (jobs) => {
      const names = jobs.map(({ job }) => job.name);
      return new Promise((resolve, reject) => {
        executions.push({ names, end: () => resolve(names.map((name) => name.toUpperCase())), fail: reject });
      });
    },
  });
  const endNext = async () => {
    executions[executions.length - 1]!.end();
    // The queue looks for work when the execution's promise has settled.
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue, executions, endNext };
}

Deno.test("BatchQueue runs a request at once when idle and gathers the rest meanwhile", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const answers = ["a", "b", "c"].map((name) => queue.submit(job(name)));
  assertEquals(executions.map(({ names }) => names), [["a"]]);
  assertEquals(queue.length, 2);
  await endNext();
  assertEquals(executions.map(({ names }) => names), [["a"], ["b", "c"]]);
  await endNext();
  assertEquals(await Promise.all(answers), ["A", "B", "C"]);
});

Deno.test("BatchQueue fills an execution up to its limit of items, and runs a larger request as it is", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const sizes = { first: 1, big: 40, ten: 10, seven: 7, six: 6 };
  const answers = Object.entries(sizes).map(([name, items]) => queue.submit(job(name, { items })));
  for (let i = 0; i < 4; i++) await endNext();
  assertEquals(executions.map(({ names }) => names), [["first"], ["big"], ["ten", "six"], ["seven"]]);
  await Promise.all(answers);
});

Deno.test("BatchQueue takes higher priorities first, equal ones in order of arrival", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const answers = [
    queue.submit(job("running")),
    queue.submit(job("low", { priority: -1, mayShare: false })),
    queue.submit(job("first", { mayShare: false })),
    queue.submit(job("second", { mayShare: false })),
    queue.submit(job("high", { priority: 5, mayShare: false })),
  ];
  for (let i = 0; i < 5; i++) await endNext();
  assertEquals(executions.flatMap(({ names }) => names), ["running", "high", "first", "second", "low"]);
  await Promise.all(answers);
});

Deno.test("BatchQueue does not share an execution with a request that wants to be alone", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const answers = ["a", "b", "c", "d"].map((name) => queue.submit(job(name, { mayShare: name !== "c" })));
  for (let i = 0; i < 3; i++) await endNext();
  assertEquals(executions.map(({ names }) => names), [["a"], ["b", "d"], ["c"]]);
  await Promise.all(answers);
});

Deno.test("BatchQueue never executes a request whose signal was aborted while it waited", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const controller = new AbortController();
  const answers = [queue.submit(job("a")), queue.submit(job("c"))];
  const aborted = queue.submit(job("b", { signal: controller.signal }));
  controller.abort(new Error("too late"));
  await assertRejects(() => aborted, Error, "too late");
  await assertRejects(() => queue.submit(job("d", { signal: controller.signal })), Error, "too late");
  await endNext();
  assertEquals(executions.map(({ names }) => names), [["a"], ["c"]]);
  await endNext();
  await Promise.all(answers);
});

Deno.test("BatchQueue refuses a request when too many wait", async () => {
  const { queue, endNext } = stagedQueue(1);
  const answers = [queue.submit(job("a")), queue.submit(job("b"))];
  await assertRejects(() => queue.submit(job("c")), QueueFullError);
  await endNext();
  await endNext();
  await Promise.all(answers);
});

Deno.test("BatchQueue passes a failure to its execution's requests alone and goes on", async () => {
  const { queue, executions, endNext } = stagedQueue();
  const failing = queue.submit(job("a"));
  const after = queue.submit(job("b"));
  executions[0]!.fail(new Error("no memory"));
  await assertRejects(() => failing, Error, "no memory");
  await new Promise((resolve) => setTimeout(resolve));
  await endNext();
  assertEquals(await after, "B");
});

Deno.test("BatchQueue.drain() refuses what waits and lets the execution end", async () => {
  const { queue, executions } = stagedQueue();
  const running = queue.submit(job("a"));
  const waiting = queue.submit(job("b"));
  const drained = queue.drain(new Error("unloaded"));
  await assertRejects(() => waiting, Error, "unloaded");
  executions[0]!.end();
  await drained;
  assertEquals(await running, "A");
  assertEquals(executions.length, 1);
});

Deno.test("BatchQueue executes every request once, within the limit, whatever comes", async () => {
  const request = fc.record({ items: fc.integer({ min: 1, max: 24 }), priority: fc.integer(), mayShare: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
    const executed: number[] = [];
    const queue = new BatchQueue<Job & { index: number }, number>({
      maxItems: 16,
      maxWaiting: 100,
      execute: async (jobs) => {
        await Promise.resolve();
        const items = jobs.reduce((sum, { job }) => sum + job.items, 0);
        if (jobs.length > 1) assertEquals(items <= 16 && jobs.every(({ job }) => job.mayShare), true);
        assertEquals(jobs.every(({ turn }) => turn.batchSize === items), true);
        executed.push(...jobs.map(({ job }) => job.index));
        return jobs.map(({ job }) => job.index);
      },
    });
    const answers = await Promise.all(
      requests.map((request, index) => queue.submit({ ...request, index, signal: null })),
    );
    assertEquals(answers, requests.map((_, index) => index));
    assertEquals(executed.sort((a, b) => a - b), answers);
  }));
});
