import jstat from "jstat";
import { normalCdf, normalQuantile } from "../../src/stats/probability.ts";

/** How long a server works on one item, alone: ms. Each has its mean and quantiles in closed form. */
export type ServiceTime =
  | { readonly kind: "uniform"; readonly meanMs: number; readonly halfWidth: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  | { readonly kind: "lognormal"; readonly meanMs: number; readonly variation: number }
  | { readonly kind: "gamma"; readonly meanMs: number; readonly variation: number }
  | { readonly kind: "pareto"; readonly meanMs: number; readonly alpha: number }
  | { readonly kind: "bimodal"; readonly fastMs: number; readonly slowMs: number; readonly slowShare: number };

/** Relative half width of each mode of a bimodal service time. */
const MODE_HALF_WIDTH = 0.2;

/** Expected service time, ms. */
export function meanOf(service: ServiceTime): number {
  if (service.kind !== "bimodal") return service.meanMs;
  return service.fastMs * (1 - service.slowShare) + service.slowMs * service.slowShare;
}

/**
 * Quantile of a service time, ms.
 *
 * @param service The distribution.
 * @param p Probability, 0 < p < 1.
 */
export function quantileOf(service: ServiceTime, p: number): number {
  switch (service.kind) {
    case "uniform":
      return service.meanMs * (1 + service.halfWidth * (2 * p - 1));
    case "exponential":
      return -service.meanMs * Math.log1p(-p);
    case "lognormal":
      return lognormalAt(service, normalQuantile(p));
    case "gamma": {
      const shape = service.variation ** -2;
      return jstat.gamma.inv(p, shape, service.meanMs / shape);
    }
    case "pareto":
      return service.meanMs * (service.alpha - 1) / service.alpha * (1 - p) ** (-1 / service.alpha);
    case "bimodal": {
      // The modes do not touch, so that the quantile function is one after the other.
      const fastShare = 1 - service.slowShare;
      const [modeMs, within] = p < fastShare
        ? [service.fastMs, p / fastShare]
        : [service.slowMs, (p - fastShare) / service.slowShare];
      return modeMs * (1 + MODE_HALF_WIDTH * (2 * within - 1));
    }
  }
}

/**
 * The service time that a standard normal variable stands for, ms.
 *
 * @param service The distribution.
 * @param z Draw of a standard normal variable; correlated draws give correlated service times.
 */
export function serviceTimeAt(service: ServiceTime, z: number): number {
  return service.kind === "lognormal" ? lognormalAt(service, z) : quantileOf(service, normalCdf(z));
}

function lognormalAt({ meanMs, variation }: { meanMs: number; variation: number }, z: number): number {
  const variance = Math.log1p(variation ** 2);
  return meanMs * Math.exp(Math.sqrt(variance) * z - variance / 2);
}
