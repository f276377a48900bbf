import type { BusyMachine } from "../results/evidence/busy_machine.ts";

/** What is known of a run beside its results. */
export interface Circumstances {
  /** Device that the server says it computes on. @default {nobody knows} */
  readonly device?: string | null;
  /** GPUs of the machine that measured. @default {nobody knows} */
  readonly gpus?: number;
  /** That the machine that measured was busy before. @default {it was not, or nobody knows} */
  readonly busy?: BusyMachine;
  /** What the server costs, USD an hour. @default {nobody said} */
  readonly pricePerHour?: number;
}
