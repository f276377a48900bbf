import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { abSummary } from "../../src/plot/ab.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { runAbTest } from "../../src/test_types/ab.ts";
import { openVirtualStreams } from "../calibration/streams/virtual_streams.ts";
import { VirtualClock } from "../load/virtual_clock.ts";
import { reportOf } from "../report/report_of.ts";

/** Two servers of one speed, whose answers have so many tokens. */
function ab(tokensOfA: number, tokensOfB: number) {
  const clock = new VirtualClock();
  const [a, b] = [tokensOfA, tokensOfB].map((tokens, i) =>
    openVirtualStreams({ firstMs: 20, firstVariation: 0.2, tokenMs: 5, tokens: [tokens, tokens] }, i + 1, clock).target
  );
  return clock.run(runAbTest(a!, b!, { clock, blocks: 5, requests: 10, seed: 1 }));
}

Deno.test("runAbTest() calls no server faster that writes shorter answers", async () => {
  const result = await ab(60, 20);
  const why = "answers of A have 60 tokens on average, those of B 20";
  assertEquals(result.effects.throughput.verdict, "better");
  assertEquals([result.verdict, result.absences["verdict"]], ["cannot tell", why]);
  assertStringIncludes(abSummary(result), `Whether they differ cannot be told: ${why}; throughput +`);
  const text = formatText(reportOf({ ab: result }), { width: 10_000 });
  assertStringIncludes(text, `CANNOT TELL: ${why}; throughput +`);
  assertStringIncludes(text, `Which server is faster cannot be told: ${why}, at `);
  assert(!/better, over/.test(formatHtml(reportOf({ ab: result }))));
  assert(!/TAKE B|B IS FASTER/i.test(text));
});

Deno.test("runAbTest() tells of answers of one length which server is faster", async () => {
  const { verdict, effects, absences } = await ab(60, 60);
  assertEquals([verdict, absences["verdict"]], [effects.throughput.verdict, undefined]);
});
