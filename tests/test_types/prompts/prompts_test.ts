import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Estimate } from "../../../src/core/estimate.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Progress } from "../../../src/results/progress.ts";
import type { PromptsOptions } from "../../../src/measure/settings/options.ts";
import { isStreamed, runPromptsTest } from "../../../src/test_types/prompts/prompts.ts";
import { runComprehensive } from "../../../src/test_types/comprehensive.ts";
import { SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { type LanguageBehaviour, simulatedLanguageTarget, TEMPLATE } from "./simulated_language_server.ts";

const LINEAR: LanguageBehaviour = { interceptMs: 8, perTokenMs: 0.1 };
const SHORT: PromptsOptions = { requests: 40, quick: true };

async function run(behaviour: LanguageBehaviour, options: PromptsOptions = SHORT, seed = 1) {
  const clock = new VirtualClock();
  const target = await simulatedLanguageTarget(clock, behaviour, seed);
  return await clock.run(runPromptsTest(target, { ...options, seed, clock }));
}

const holds = ({ low, high }: Estimate, value: number) => low! <= value && value <= high!;

Deno.test("runPromptsTest() holds its law and the saving of a cache as often as it says", async () => {
  const lengths = [32, 64, 128, 256, 512], saved = 0.1 * (512 + TEMPLATE);
  let intercepts = 0, slopes = 0, savings = 0, runs = 0;
  for (let seed = 1; seed <= 12; seed++, runs++) {
    const { law, lengthIn, prefixCache } = await run(
      { ...LINEAR, prefixCache: true },
      { ...SHORT, promptLengths: lengths },
      seed,
    );
    assertEquals(lengthIn, "tokens");
    if (holds(law!.interceptMs, 8)) intercepts++;
    if (holds(law!.perTokenMs, 0.1)) slopes++;
    assertEquals(prefixCache!.verdict, "cache");
    if (holds(prefixCache!.lengths.at(-1)!.savedMs!, saved)) savings++;
  }
  const words = JSON.stringify({ intercepts, slopes, savings, runs });
  assert(Math.min(intercepts, slopes, savings) >= 0.9 * runs, words);
});

Deno.test("runPromptsTest() sees no cache where there is none, and names the server's word against it", async () => {
  const none = await run(LINEAR);
  assertEquals(none.prefixCache!.verdict, "no cache seen");
  assertEquals(none.prefixCache!.contradiction, undefined);
  const told = await run({ ...LINEAR, prefixCache: true, tellsCached: true });
  const [longest] = told.prefixCache!.lengths;
  assertEquals([longest!.newCachedTokens, longest!.repeatedCachedTokens], [0, 512 + TEMPLATE]);
  assertEquals(told.prefixCache!.contradiction, undefined);
  const repeated = await run(LINEAR, { ...SHORT, repeatInputs: true });
  assertEquals(repeated.prefixCache!.verdict, "cannot tell");
  assertStringIncludes(repeated.prefixCache!.because!, "sent again and again");
});

Deno.test("runPromptsTest() gives no line where the time to first token curves, and says where", async () => {
  const { law, off, absences } = await run({ interceptMs: 8, perTokenMs: 0.02, perSquareMs: 0.0006, jitter: 0.03 });
  assertEquals(law, null);
  assert(off !== undefined && off.medianMs !== off.lineMs);
  assertStringIncludes(absences["law"]!, "no straight line fits: at ");
});

Deno.test("runPromptsTest() leaves out what is beyond the model's context, and measures the rest", async () => {
  const some = await run({ ...LINEAR, context: 200 }, { ...SHORT, promptLengths: [16, 32, 64, 512, 4096] });
  assertEquals(some.levels.map(({ words }) => words), [16, 32, 64]);
  assertEquals(some.refused!.map(({ words }) => words), [512, 4096]);
  assertStringIncludes(some.refused![0]!.reason, "maximum context length is 200 tokens");
  assert(some.law !== null && some.levels.every(({ failed, load }) => failed === 0 && "promptWords" in load));
  const none = await run({ ...LINEAR, context: 10 });
  assertEquals([none.levels, none.law], [[], null]);
  assertStringIncludes(none.absences["levels"]!, "refused every length");
});

Deno.test("runPromptsTest() counts words where the server counts no tokens", async () => {
  const { lengthIn, law, levels } = await run({ ...LINEAR, counts: false });
  assertEquals(lengthIn, "words");
  assert(holds(law!.interceptMs, 8 + 0.1 * TEMPLATE));
  assertEquals(levels[0]!.promptTokens, null);
  const same = await run({ ...LINEAR, counts: 7 });
  assertEquals(same.lengthIn, "words");
  assertStringIncludes(same.absences["promptTokens"]!, "7 in prompts of 32 words and 7 in prompts of 128 words");
  assert(holds(same.law!.interceptMs, 8 + 0.1 * TEMPLATE));
});

Deno.test("runPromptsTest() takes a length that is refused once and not again", async () => {
  const { levels, refused, prefixCache } = await run({ ...LINEAR, refusesOneIn: 3, prefixCache: true });
  assertEquals([levels.map(({ words }) => words), refused], [[32, 128, 512], undefined]);
  assertEquals(prefixCache!.verdict, "cache");
});

Deno.test("runPromptsTest() tells a prefix cache by the lengths that it has measured, and why one is missing", async () => {
  /** The look at one of both lengths comes to nothing. */
  const failing = async (what: "refused" | "interrupted", missing: readonly number[], prefixCache = true) => {
    const behaviour = { ...LINEAR, prefixCache, refusesOneIn: Infinity };
    const controller = new AbortController();
    const onProgress = ({ stage }: Progress) => {
      const isMissing = missing.some((words) => stage === `prefix cache, ${words} words`);
      if (isMissing && what === "interrupted") controller.abort();
      behaviour.refusesOneIn = isMissing && what === "refused" ? 1 : Infinity;
    };
    const options = { requests: 40, promptLengths: [32, 128, 512], signal: controller.signal, onProgress };
    const { partial, prefixCache: check } = await run(behaviour, options);
    const { verdict, lengths, because, requests } = check ?? {};
    assert(check === undefined || requests! > 0);
    return [partial, verdict, lengths?.map(({ words }) => words), because];
  };
  const refused = (words: number) =>
    `at ${words} words its requests failed: status 400: This model's maximum context length is 2048 tokens.`;
  assertEquals(await failing("refused", [512]), [null, "cache", [128], refused(512)]);
  assertEquals(await failing("refused", [128]), [null, "cache", [512], refused(128)]);
  const none = [refused(128), refused(512)].join("; ");
  assertEquals(await failing("refused", [128, 512]), [null, "cannot tell", [], none]);
  assertEquals(await failing("interrupted", [512]), [
    "interrupted",
    "cache",
    [128],
    "at 512 words it was interrupted",
  ]);
  assertEquals(await failing("interrupted", [128]), ["interrupted", undefined, undefined, undefined]);
  const without = await failing("refused", [512], false);
  assertEquals(without.slice(1, 3), ["cannot tell", [128]], "short prompts alone do not show that there is none");
  assertEquals((await failing("refused", [128], false)).slice(1, 3), ["no cache seen", [512]]);
});

Deno.test("runPromptsTest() holds the time to first token against the server's own counters", async () => {
  const { levels } = await run({ ...LINEAR, queueMs: 2, beyondMs: 3 }, { ...SHORT, requests: 100 });
  for (const { firstTokenParts: parts, firstTokenMs } of levels) {
    assertAlmostEquals(parts!.queueMs!, 2, 1e-6);
    assertAlmostEquals(parts!.differenceMs.value, 3, 0.3);
    assertAlmostEquals(parts!.clientMs / firstTokenMs!.mean.value, 1, 0.05);
    assertAlmostEquals(parts!.prefillMs! + parts!.queueMs!, parts!.serverMs, 1e-6);
  }
});

Deno.test("runPromptsTest() refuses a model whose answers are not streamed", async () => {
  const target = simulatedTarget(new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 1 })));
  assertEquals(isStreamed(target), false);
  await assertRejects(() => runPromptsTest(target), UsageError, "must be a language model whose answers are streamed");
});

Deno.test("runComprehensive() compares prompts where answers are streamed", async () => {
  const clock = new VirtualClock();
  const target = await simulatedLanguageTarget(clock, LINEAR);
  const options = { requests: 12, quick: true, levels: [1], noUnload: true, soakMs: 200, cacheCheck: false, clock };
  const { tests } = await clock.run(runComprehensive(target, options));
  assertEquals(tests.prompts!.levels.length, 3);
});
