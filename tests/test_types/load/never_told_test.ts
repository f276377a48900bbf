import { assertEquals } from "@std/assert";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import { whyNeverTold } from "../../../src/test_types/load/never_told.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { streamed } from "../../results/window/streamed.ts";

Deno.test("whyNeverTold() names the objective that the answers of the server have nothing of, however long it takes", () => {
  const objectives = parseObjectives("p99<100ms,ttft_p95<1s,tpot_p95<40ms");
  assertEquals(whyNeverTold(objectives, { ...basicResult(), ...streamed() }), null);
  assertEquals(
    whyNeverTold(objectives, { ...basicResult(), ...streamed(), tokenMs: null }),
    "tpot-p95<40ms cannot be told: no answer had tokens behind its first that the server counts",
  );
  assertEquals(whyNeverTold(parseObjectives("p99<100ms"), basicResult()), null);
  assertEquals(
    whyNeverTold(parseObjectives("p99<100ms,goodput>95%"), basicResult()),
    "goodput>95% cannot be told: no limits were given that each request must keep",
  );
});
