import { assertEquals, assertStringIncludes } from "@std/assert";
import { Journal } from "./journal.ts";
import { type Observation, verdictOf } from "../observation.ts";
import { runScenarios } from "./run_scenarios.ts";
import { type Scenario, SCENARIOS } from "../scenarios.ts";

const [first, second] = SCENARIOS as readonly [Scenario, Scenario];

/** Runs two scenarios of two seeds, and says which were begun. */
async function run(journal: Journal, mostRuns = Infinity, failing?: string, firstSeed = 1) {
  const begun: string[] = [];
  const outcome = await runScenarios(
    {
      scenarios: [first, second],
      seeds: 2,
      firstSeed,
      virtual: true,
      goesOn: () => begun.length < mostRuns,
      onRun: ({ name }, seed) => begun.push(`${name} ${seed}`),
    },
    journal,
    ({ name }, seed): Promise<{ readonly observations: readonly Observation[] }> =>
      `${name} ${seed}` === failing
        ? Promise.reject(new Error("it is broken"))
        : Promise.resolve({ observations: [verdictOf("it", true, seed)] }),
  );
  return { begun, ...outcome };
}

Deno.test("runScenarios() goes on with what a journal does not hold, where a line was cut off too", async () => {
  const path = await Deno.makeTempFile();
  try {
    const before = await run(new Journal(path), 3);
    assertEquals(before.begun, [`${first.name} 1`, `${second.name} 1`, `${first.name} 2`]);
    Deno.writeTextFileSync(path, `{"scenario":"${second.name}","seed":2,"virt`, { append: true });
    const after = await run(new Journal(path));
    assertEquals(after.begun, [`${second.name} 2`]);
    assertEquals(after.scored.map(({ scores }) => scores[0]!.n), [2, 2]);
    assertEquals((await run(new Journal(path))).begun, []);
    assertEquals(Deno.readTextFileSync(path).split("\n").length, 5);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("runScenarios() names what failed to run, goes on with the others, and runs it again next time", async () => {
  const path = await Deno.makeTempFile();
  try {
    const failing = `${first.name} 1`;
    const { failures, scored } = await run(new Journal(path), Infinity, failing);
    assertEquals(failures.length, 1);
    assertStringIncludes(failures[0]!, `${first.name}, seed 1: Error: it is broken`);
    assertEquals(scored.map(({ scores }) => scores[0]!.n), [1, 2]);
    const again = await run(new Journal(path));
    assertEquals([again.begun, again.failures], [[failing], []]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("runScenarios() scores the seeds from the first that is asked for, and no others of the journal", async () => {
  const journal = new Journal(null);
  await run(journal);
  const { begun, scored } = await run(journal, Infinity, undefined, 2);
  assertEquals(begun, [`${first.name} 3`, `${second.name} 3`]);
  assertEquals(scored.map(({ scores }) => scores[0]!.n), [2, 2]);
});
