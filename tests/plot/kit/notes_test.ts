import { assertEquals, assertStringIncludes } from "@std/assert";
import { plotOverview } from "../../../src/plot/overview.ts";
import { plotScalability } from "../../../src/plot/scalability.ts";
import { plotThroughput } from "../../../src/plot/throughput.ts";
import { validityNotes } from "../../../src/plot/kit/notes.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { reportOf } from "../../report/report_of.ts";

const said = ({ description }: { readonly description: string }) => description.replaceAll("\u00a0", " ");

Deno.test("charts of a sweep call an optimum that cannot be told the best guess, and name what may be better", () => {
  const throughput = throughputResult(undefined, { optimumRivals: [32] });
  assertStringIncludes(said(plotThroughput(throughput)), "Batch 8 is the best guess: 146 pred/s");
  assertStringIncludes(said(plotThroughput(throughput)), "It cannot be told whether 32 is better.");
  const scalability = scalabilityResult(undefined, { optimumRivals: [8, 16] });
  assertStringIncludes(said(plotScalability(scalability)), "It cannot be told whether 8 or 16 is better.");
  assertStringIncludes(said(plotScalability(scalabilityResult())), "is the smallest that reaches the best");
});

Deno.test("charts of a run that lost the model say so, and not that the server was lost", () => {
  const notes = validityNotes({ partial: "model-lost", client: { limited: false } });
  assertEquals(notes, ["Partial: the model was unloaded and could not be loaded again."]);
  const overview = plotOverview({ ...reportOf({ throughput: throughputResult() }), partial: "model-lost" });
  assertStringIncludes(said(overview), "Partial: the model was unloaded and could not be loaded again.");
});
