import * as v from "valibot";
import { number } from "../schema.ts";

/** A program that used the machine which measured, before the run began. */
export interface BusyProgram {
  /** Its name, at most 15 characters. */
  readonly name: string;
  /** Cores that it used, with others of its name. */
  readonly cores: number;
}

/** That the machine which measured was busy before the run began. */
export interface BusyMachine {
  /** Processes that ran or wanted to, mean of the last minute. */
  readonly loadAverage1m: number;
  /** Logical cores of the machine. */
  readonly cores: number;
  /** What used it, the busiest first; empty where that could not be seen. */
  readonly programs: readonly BusyProgram[];
}

/** {@linkcode BusyMachine} in a results file, as entries of the schema of what holds them. */
export const busyMachineEntries = {
  loadAverage1m: number,
  cores: number,
  programs: v.array(v.looseObject({ name: v.string(), cores: number })),
};

/**
 * How busy a machine was, and with what, for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { busyInWords } from "./busy_machine.ts";
 *
 * const programs = [{ name: "cc1plus", cores: 1.52 }, { name: "node", cores: 0.31 }];
 * assertEquals(
 *   busyInWords({ loadAverage1m: 5.9, cores: 2, programs }),
 *   "load average 5.9 on 2 cores; cc1plus used 1.5 of them, node 0.3",
 * );
 * assertEquals(busyInWords({ loadAverage1m: 5.9, cores: 2, programs: [] }), "load average 5.9 on 2 cores");
 * ```
 *
 * @param busy What was seen of it.
 */
export function busyInWords({ loadAverage1m, cores, programs }: BusyMachine): string {
  const load = `load average ${loadAverage1m.toFixed(1)} on ${cores} ${cores === 1 ? "core" : "cores"}`;
  const named = programs.map(({ name, cores: used }, i) =>
    i === 0 ? `${name} used ${used.toFixed(1)} of them` : `${name} ${used.toFixed(1)}`
  );
  return [load, ...named.length === 0 ? [] : [named.join(", ")]].join("; ");
}
