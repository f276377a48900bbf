/**
 * A client of the benchmark in a process of its own: `own.ts JSON`, which is an {@linkcode OwnJob}. Prints a
 * {@linkcode ClientRun} as JSON.
 *
 * @module
 */
import { runBareLoop } from "./bare_loop.ts";
import { runBareStream } from "./bare_stream.ts";
import type { ClientRun } from "./client.ts";
import { runEndToEnd } from "./closed_loop.ts";
import { runLanes } from "./lanes.ts";
import { runOnTime } from "./open_loop.ts";
import type { OwnJob } from "./own_client.ts";

function run({ way, ...job }: OwnJob): Promise<ClientRun> {
  switch (way.kind) {
    case "lanes":
      return runLanes(job, way.transport);
    case "bare":
      return runBareLoop(job, way.whole, way.sets ?? 1);
    case "bare stream":
      return runBareStream(job);
    case "end to end":
      return runEndToEnd(job);
    case "on time":
      return runOnTime(job, way.ratePerSecond);
  }
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- this is a command
  console.log(JSON.stringify(await run(JSON.parse(Deno.args[0]!) as OwnJob)));
}
