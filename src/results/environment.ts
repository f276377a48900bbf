import type { BusyMachine } from "./evidence/busy_machine.ts";

/** The machine that measured. */
export interface Environment {
  /** Operating system with its version. */
  readonly os: string;
  /** CPU model, or `null` if unknown. */
  readonly cpu: string | null;
  /** Logical cores that this process may use; a fraction where a container limits its processor time. */
  readonly cores: number;
  /** Physical memory that this process may use, bytes; `null` if unknown. */
  readonly memoryBytes: number | null;
  /** Version of Deno. */
  readonly deno: string;
  /** Accelerators; empty if there are none. */
  readonly gpus: readonly {
    /** Product name. */
    readonly name: string;
    /** Its memory, bytes; `null` if unknown. */
    readonly memoryBytes: number | null;
    /** Version of its driver; `null` if unknown. */
    readonly driver: string | null;
  }[];
  /** Why `gpus` is empty; left out where it is not. */
  readonly gpuAbsence?: string;
  /** That it was busy before the run; left out where it was not, or nobody knows. */
  readonly busy?: BusyMachine;
  /** Tells its name from those of other machines without saying it; left out where it may not be read. */
  readonly host?: string;
}
