import { assertEquals } from "@std/assert";
import { RunWindows } from "../../../src/measure/run_windows.ts";
import type { BusyMachine } from "../../../src/results/evidence/busy_machine.ts";
import { RunResults } from "../../../src/test_types/comprehensive/run_results.ts";
import { simulatedTarget } from "../../load/simulated_server.ts";
import { SimulatedServer } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { reportOf } from "../../report/report_of.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";

const busyAt = (loadAverage1m: number): BusyMachine => ({ loadAverage1m, cores: 2, programs: [] });

/** Of a run that goes on: what it says of its machine, and of that of its last part. */
async function busyOf(before: BusyMachine | null, busy: BusyMachine | null) {
  const clock = new VirtualClock();
  const { environment, startedAt, durationMs } = reportOf({ basic: basicResult() });
  const part = {
    startedAt,
    durationMs,
    environment: { ...environment, ...before === null ? {} : { busy: before } },
    tests: ["basic"] as const,
    dropped: [],
    ended: "interrupted" as const,
  };
  const run = new RunResults({
    target: simulatedTarget(new SimulatedServer(clock, () => ({ serviceMs: 1 }))),
    options: {},
    clock,
    windows: new RunWindows(0),
    kinds: ["basic"],
    asked: undefined,
    before: {
      results: new Map([["basic", basicResult()]]),
      dropped: [],
      parts: [part],
      environment,
      warnings: [],
      beganAtMs: 0,
    },
    busy,
    warnings: [],
  });
  const measured = await run.measurements();
  return [measured.environment.busy, measured.parts!.at(-1)!.environment.busy];
}

Deno.test("a run that goes on remembers that its machine was busy before it, and before its other parts", async () => {
  assertEquals(await busyOf(null, busyAt(3)), [busyAt(3), busyAt(3)]);
  assertEquals(await busyOf(busyAt(5), null), [busyAt(5), undefined]);
  assertEquals(await busyOf(busyAt(5), busyAt(3)), [busyAt(5), busyAt(3)]);
  assertEquals(await busyOf(null, null), [undefined, undefined]);
});
