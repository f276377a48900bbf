/** What is known of a run beside its results. */
export interface Circumstances {
  /** Device that the server says it computes on. @default {nobody knows} */
  readonly device?: string | null;
  /** GPUs of the machine that measured. @default {nobody knows} */
  readonly gpus?: number;
  /** What the server costs, USD an hour. @default {nobody said} */
  readonly pricePerHour?: number;
}
