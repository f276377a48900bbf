import { assertEquals, assertGreater } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { shortfalls } from "../shortfalls.ts";
import { scenario, scoreAll, scoresIn, testSample } from "./sample.ts";

testSample("throughput");

/** Verdicts of which "cannot tell" would be a refuge. */
const TOLD = [
  ["optimum-inside", "optimum"],
  ["optimum-inside", "plateau"],
  ["linear-cost", "plateau"],
] as const;

Deno.test("an optimum and a plateau that can be told are not left at cannot tell", async () => {
  for (const [name, verdict] of TOLD) assertEquals((await scoresIn(name))(verdict).missing, 0, `${verdict} of ${name}`);
});

Deno.test("shortfalls() sees verdicts that are tossed", async () => {
  const random = seededRandom(1);
  const found = shortfalls(
    await scoreAll(
      [scenario("two-equal-sizes")],
      (observation) =>
        observation.kind === "number" ? observation : { ...observation, outcome: random() < 0.5 ? "right" : "wrong" },
    ),
  );
  assertGreater(found.length, 0);
});
