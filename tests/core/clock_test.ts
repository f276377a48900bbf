import process from "node:process";
import { assert, assertEquals, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { systemClock } from "../../src/core/clock.ts";

/** What a process of its own prints; the types of a worker are checked where it starts, which costs a test CPU time. */
async function printedBy(script: string): Promise<string> {
  const url = new URL("../../src/core/clock.ts", import.meta.url).href;
  return await printed(["eval", `import { systemClock } from "${url}";\n${script}`]);
}

async function printed(args: string[]): Promise<string> {
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("sleepPrecisely() is never early, later by less than half of a timer, and takes little of a core", async () => {
  const printed = await printedBy(`
    import process from "node:process";
    const latenessMs = async (ms, sleep) => {
      const begunMs = performance.now();
      await sleep(ms);
      return performance.now() - begunMs - ms;
    };
    await systemClock.sleepPrecisely(1);
    await systemClock.sleep(500);
    const precise = [], coarse = [];
    let cpuMs = 0, wallMs = 0;
    for (let i = 0; i < 200; i++) {
      const ms = 1 + (i % 20) / 10;
      coarse.push(await latenessMs(ms, (ms) => systemClock.sleep(ms)));
      const before = process.cpuUsage(), begunMs = performance.now();
      precise.push(await latenessMs(ms, (ms) => systemClock.sleepPrecisely(ms)));
      const { user, system } = process.cpuUsage(before);
      cpuMs += (user + system) / 1000;
      wallMs += performance.now() - begunMs;
    }
    console.log(JSON.stringify({ precise, coarse, cpuMs, wallMs }));`);
  const { precise, coarse, cpuMs, wallMs } = JSON.parse(printed);
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  assertGreaterOrEqual(Math.min(...precise), 0);
  assertLess(median(precise), median(coarse) / 2);
  assertLess(cpuMs, wallMs / 2);
});

Deno.test("a process that slept precisely ends by itself", async () => {
  const printed = await printedBy(`
    for (let i = 0; i < 60; i++) await systemClock.sleepPrecisely(5);
    console.log("slept");`);
  assertEquals(printed, "slept");
});

Deno.test("sleepPrecisely() does without its thread where it may not start one", async () => {
  const url = new URL("../../src/core/clock.ts", import.meta.url).href;
  const script = `import { systemClock } from "${url}";
    const begunMs = performance.now();
    await systemClock.sleepPrecisely(5);
    console.log(performance.now() - begunMs >= 5);`;
  assertEquals(await printed(["run", "--no-prompt", `data:text/javascript,${encodeURIComponent(script)}`]), "true");
});

Deno.test("sleepPrecisely() may be called by several at once", async () => {
  const begunMs = performance.now();
  const tookMs = await Promise.all([50, 30, 40].map(async (ms) => {
    await systemClock.sleepPrecisely(ms);
    return performance.now() - begunMs - ms;
  }));
  assert(tookMs.every((ms) => ms >= 0));
});

Deno.test("sleepPrecisely() rejects with the reason when it is aborted, and sleeps again afterwards", async () => {
  await systemClock.sleepPrecisely(1);
  // At first the thread of the alarm has not started; in the end it has.
  for (const pauseMs of [0, 2000]) {
    await systemClock.sleep(pauseMs);
    const controller = new AbortController();
    const asleep = systemClock.sleepPrecisely(600_000, controller.signal);
    setTimeout(() => controller.abort(new Error("stopped")), 5);
    await assertRejects(() => asleep, Error, "stopped");
    await assertRejects(() => systemClock.sleepPrecisely(600_000, controller.signal), Error, "stopped");
    await systemClock.sleepPrecisely(2);
  }
});

Deno.test("sleep() of a time that is over warns of nothing", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on("warning", note);
  await systemClock.sleep(-5);
  await systemClock.sleep(1);
  process.off("warning", note);
  assertEquals(warnings, []);
});
