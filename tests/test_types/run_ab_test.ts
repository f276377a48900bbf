import { assert, assertEquals } from "@std/assert";
import { createReport } from "../../src/report/create_report.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { runAb } from "../../src/test_types/comprehensive.ts";
import { SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

Deno.test("runAb() makes a run of an A/B test, which is reported, written and read as any other", async () => {
  const clock = new VirtualClock();
  const target = (serviceMs: number) => simulatedTarget(new SimulatedServer(clock, () => ({ serviceMs })));
  const measurements = await clock.run(runAb(target(10), target(8), { clock, quick: true, blocks: 3, seed: 4 }));
  const { ab } = measurements.tests;
  assert(ab !== undefined);
  assertEquals([ab.verdict, ab.blocks.length, measurements.seed], ["better", 3, 4]);
  const differs = measurements.warnings.filter((warning) => warning.startsWith("Requests differ less than they might"));
  assertEquals(differs.length, 1, "the simulated servers are sent nothing that may differ");
  assertEquals([measurements.target, measurements.startedAt], [ab.a.target, ab.startedAt]);
  const report = createReport(measurements, { command: "deno task ab" });
  assertEquals(parseReport(formatJson(report)), report);
  assert(formatCsv(report).includes("ab,server,B,requests_per_second,requests/s,"));
});
