/**
 * A client of the benchmark in a process of its own: `own.ts JSON`, which is an {@linkcode OwnJob}. Prints a
 * {@linkcode ClientRun} as JSON.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { runPinned } from "../pinned.ts";
import { runBareLoop } from "./bare_loop.ts";
import type { Client, ClientRun, Job } from "./client.ts";
import { runEndToEnd } from "./closed_loop.ts";
import { runLanes } from "./lanes.ts";
import { runOnTime } from "./open_loop.ts";

/** What such a client does. */
export type Way =
  /** The lanes of a transport, without judging. */
  | { readonly kind: "lanes"; readonly transport: string }
  /** Bare sockets. */
  | { readonly kind: "bare"; readonly whole: boolean }
  /** As a test does, for a time or a number of requests. */
  | { readonly kind: "end to end"; readonly requests?: number }
  /** As a test of an open loop does. */
  | { readonly kind: "on time"; readonly ratePerSecond: number };

/**
 * A client that is torchgauge's own, or bare Deno.
 *
 * @param name Its name in tables.
 * @param way What it does.
 */
export function ownClient(name: string, way: Way): Client {
  return {
    name,
    async measure(job) {
      const permissions = ["--allow-net=127.0.0.1", "--allow-read", "--allow-env", "--allow-sys"];
      const script = [fileURLToPath(import.meta.url), JSON.stringify({ ...job, way })];
      const { stdout } = await runPinned([Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, ...script]);
      return JSON.parse(stdout.trim().split("\n").at(-1)!) as ClientRun;
    },
  };
}

/** A job and how to do it. */
export type OwnJob = Job & { readonly way: Way };

function run({ way, ...job }: OwnJob): Promise<ClientRun> {
  switch (way.kind) {
    case "lanes":
      return runLanes(job, way.transport);
    case "bare":
      return runBareLoop(job, way.whole);
    case "end to end":
      return runEndToEnd(job, way.requests);
    case "on time":
      return runOnTime(job, way.ratePerSecond);
  }
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- this is a command
  console.log(JSON.stringify(await run(JSON.parse(Deno.args[0]!) as OwnJob)));
}
