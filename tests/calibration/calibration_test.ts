import { assert, assertEquals } from "@std/assert";
import { observeReally, observeVirtually } from "./calibrate.ts";
import { SCENARIOS } from "./scenarios.ts";
import { scoresOf } from "./score.ts";
import { formatScores, formatSummary } from "./table.ts";

function scenario(name: string) {
  return SCENARIOS.find((each) => each.name === name)!;
}

Deno.test("formatScores() aligns its columns and formatSummary() names the worst scenario", async () => {
  const scored = await Promise.all(["steady", "leak-20KB"].map(async (name) => ({
    scenario: scenario(name),
    scores: scoresOf([...await observeVirtually(scenario(name), 1), ...await observeVirtually(scenario(name), 2)]),
  })));
  const [header, rule, ...rows] = formatScores(scored).split("\n");
  assertEquals(header!.indexOf("number or verdict"), rows[0]!.indexOf("requests/s"));
  assert(rows.every((row) => row.length <= rule!.length));
  const summary = formatSummary(scored, "2026-01-01");
  assert(summary.startsWith("2026-01-01\n\n| test |"));
  assert(/\| memory \| growth \| 2 \| 100 % right \| 100 % leak-20KB \| {2}\|/.test(summary), summary);
});

Deno.test("a truth server in its own process is measured over real HTTP, and none is left behind", async () => {
  const observations = await observeReally(scenario("unload-lies"), 1);
  const said = observations.find(({ name }) => name === "no cold start");
  assert(said?.kind === "verdict" && said.outcome === "right");
});
