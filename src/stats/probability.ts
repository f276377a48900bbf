import jstat from "jstat";

/** What of jStat is used here; the package has no types of its own. */
interface ProbabilityLibrary {
  readonly normal: {
    cdf(x: number, mean: number, standardDeviation: number): number;
    inv(p: number, mean: number, standardDeviation: number): number;
  };
  readonly studentt: { inv(p: number, degreesOfFreedom: number): number };
  readonly centralF: { cdf(x: number, above: number, below: number): number };
  readonly chisquare: { cdf(x: number, degreesOfFreedom: number): number };
  readonly binomial: { cdf(k: number, n: number, p: number): number };
}

const library: ProbabilityLibrary = jstat;

/**
 * Probability that a standard normal variable is at most `z`.
 *
 * @param z Any number.
 */
export function normalCdf(z: number): number {
  return library.normal.cdf(z, 0, 1);
}

/**
 * Value that a standard normal variable exceeds with probability 1 - `p`.
 *
 * @param p Probability, 0 < p < 1.
 */
export function normalQuantile(p: number): number {
  return library.normal.inv(p, 0, 1);
}

/**
 * Value that a variable with Student's t distribution exceeds with probability 1 - `p`.
 *
 * @param p Probability, 0 < p < 1.
 * @param degreesOfFreedom At least 1.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  return library.studentt.inv(p, degreesOfFreedom);
}

/**
 * Probability that the ratio of two mean squares of normal variables is at most `ratio` (F distribution).
 *
 * @param ratio At least 0.
 * @param above Degrees of freedom of the numerator, at least 1.
 * @param below Those of the denominator; `Infinity` where that is known for sure.
 */
export function fDistributionCdf(ratio: number, above: number, below: number): number {
  return below === Infinity ? library.chisquare.cdf(ratio * above, above) : library.centralF.cdf(ratio, above, below);
}

/**
 * Smallest number of successes k in `n` trials with P(at most k) >= `probability`.
 *
 * @param probability Probability, 0 < probability < 1.
 * @param n Number of trials.
 * @param p Probability of one success, 0 to 1.
 */
export function binomialQuantile(probability: number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  let tooFew = -1;
  let enough = n;
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (library.binomial.cdf(middle, n, p) >= probability) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
