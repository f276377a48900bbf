/** Observations in time order that tell the means of groups of neighbours: all that batch means ask for. */
export interface BatchSource {
  /** Number of observations. */
  readonly n: number;
  /** Their mean. */
  readonly mean: number;
  /** Variance of one observation, where it is known. */
  readonly marginalVariance?: number;
  /**
   * Means of consecutive groups; what fills no group is left out.
   *
   * @param size Observations in a group: a power of two.
   */
  means(size: number): Float64Array;
}
