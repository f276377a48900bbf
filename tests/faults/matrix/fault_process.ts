import { fromFileUrl } from "../../cli/paths.ts";
import type { Dialect, Mode } from "../mode.ts";
import type { Counts } from "../server/fault_server.ts";
import { startTalking, type TalkingProcess } from "../talking_process.ts";

const MAIN = fromFileUrl(import.meta.resolve("../server/main.ts"));

/** What both servers of a faulty process saw. */
export interface BothCounts {
  readonly faulty: Counts;
  readonly sound: Counts;
}

/** Where a faulty server is, and a sound one beside it. */
export interface FaultUrls {
  readonly url: string;
  readonly soundUrl: string;
  /** Certificate that the client is told to trust; left out where none is. */
  readonly ca?: string;
}

/** A faulty server in a process of its own. */
export type FaultProcess = TalkingProcess<FaultUrls, BothCounts>;

/**
 * Starts a faulty server.
 *
 * @param mode What is wrong with it.
 * @param dialect What it speaks.
 */
export function startFaultProcess(mode: Mode, dialect: Dialect): Promise<FaultProcess> {
  return startTalking(MAIN, [mode.name, dialect]);
}
