/** A result with its name and colour. */
export interface Named<R> {
  /** Its name. */
  readonly label: string;
  /** What was measured. */
  readonly result: R;
  /** Of `COLORS`. */
  readonly color: string;
}
