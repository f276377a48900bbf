import { fileURLToPath } from "node:url";
import { runPinned } from "../pinned.ts";
import { TASK_HEAP } from "../task_command.ts";
import type { Client, ClientRun, Job } from "./client.ts";

const SCRIPT = fileURLToPath(new URL("own.ts", import.meta.url));

/** What such a client does. */
export type Way =
  /** The lanes of a transport, without judging. */
  | { readonly kind: "lanes"; readonly transport: string }
  /** Bare sockets, with one request or several in turn. */
  | { readonly kind: "bare"; readonly whole: boolean; readonly sets?: number }
  /** Streams on bare sockets. */
  | { readonly kind: "bare stream" }
  /** As a test does. */
  | { readonly kind: "end to end" }
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
      const flags = [TASK_HEAP, "--no-prompt", "--allow-net=127.0.0.1", "--allow-read", "--allow-env", "--allow-sys"];
      const script = [SCRIPT, JSON.stringify({ ...job, way } satisfies OwnJob)];
      const { stdout } = await runPinned([Deno.execPath(), "run", "--quiet", ...flags, ...script]);
      return JSON.parse(stdout.trim().split("\n").at(-1)!) as ClientRun;
    },
  };
}

/** A job and how to do it. */
export type OwnJob = Job & { readonly way: Way };
