import { observationsThatTell } from "../../objectives/observations_needed.ts";
import type { Objective } from "../../results/objective.ts";
import { WINDOW_FIGURES, type WindowFigure } from "../../results/window/window_figures.ts";

/** Requests expected beyond a quantile without which an objective on it cannot be told: 650 in all for p99. */
const BEYOND_QUANTILE = 6.5;
/** Times this, one by the limit of an objective on a share shows that it is kept where none fails (the rule of three). */
const SHARE_RULE = 4;
/** Fewest requests of a trial, and of one that can tell anything of a figure that is no quantile. */
const FEWEST = 30, FEWEST_TELLING = 10;
/** So many times more are expected than can tell: of independent arrivals fewer may come. */
const FEWEST_MARGIN = 1.3;
/** A request that takes longer, ms: what trials usually spend on warming up and their end is then much of their time. */
const SLOW_MS = 1000;
/** Of the time that is left, what one trial may take where it is to be quick. */
const SHARE_OF_LEFT = 0.5;
/** How many times longer than a level a trial may take to gather its requests. */
const LONGEST = 6;
/** How many times longer the second run of an unclear trial is at least. */
const SECOND_RUN = 2;
/** The same where with fewer nothing could be told. */
const FURTHEST = 180;
/** So many times more requests are sent again than would tell. */
const AGAIN_MARGIN = 1.5;

/**
 * The figure that an objective is about.
 *
 * @param objective Which one.
 */
export function figureOf({ metric, unit }: Objective): WindowFigure | undefined {
  return WINDOW_FIGURES.find((figure) => figure.gate?.name === metric && figure.unit === unit);
}

/** Requests of a trial. */
export interface TrialRequests {
  /** As many as tell in most cases. */
  readonly wanted: number;
  /** With fewer it cannot be shown that objectives hold, however far from their limits figures are. */
  readonly fewest: number;
}

/**
 * Requests without which objectives cannot be told.
 *
 * @param objectives What must hold.
 */
export function trialRequests(objectives: readonly Objective[]): TrialRequests {
  const each = objectives.map((objective): TrialRequests => {
    const { quantile = 1, better } = figureOf(objective) ?? {};
    if (objective.unit === "share") {
      // Without a failure, the interval then ends on the better side of the limit.
      const requests = Math.ceil(SHARE_RULE / (better === "more" ? 1 - objective.limit : objective.limit));
      return { wanted: requests, fewest: requests };
    }
    if (quantile >= 1) return { wanted: 0, fewest: 0 };
    return { wanted: Math.round(BEYOND_QUANTILE / (1 - quantile)), fewest: observationsThatTell(quantile) };
  });
  return {
    wanted: Math.max(FEWEST, ...each.map(({ wanted }) => wanted)),
    fewest: Math.max(FEWEST_TELLING, ...each.map(({ fewest }) => fewest)),
  };
}

/** What the trials of a search have to go by. */
export interface TrialPlan {
  /** Requests without which nothing is told. */
  readonly fewest: number;
  /** Length of a level, ms: no trial is shorter. */
  readonly levelMs: number;
  /** Ms that are left of the search; `Infinity` where it may take as long as it needs. */
  readonly leftMs: () => number;
  /** Time of one request as far as it is known, ms. */
  readonly requestMs: () => number;
  /** How many times that the warm-up and the end of a trial take, where it is long. */
  readonly beside: number;
  /** Requests that warm up, where the user said so. */
  readonly warmUpRequests?: number | undefined;
}

/** How long the trials of a search take, made for what a request of the server takes. */
export class TrialTime {
  readonly #plan: TrialPlan;

  /** @param plan What they have to go by. */
  constructor(plan: TrialPlan) {
    this.#plan = plan;
  }

  /** Whether usual warm-ups would take much of the time of a trial. */
  get isSlow(): boolean {
    return this.#plan.requestMs() > SLOW_MS;
  }

  get #besideMs(): number {
    return this.isSlow ? this.#plan.beside * this.#plan.requestMs() : 0;
  }

  /** Whether there is time for another trial. */
  get isLeft(): boolean {
    return this.#plan.leftMs() - this.#besideMs > this.#plan.levelMs;
  }

  /**
   * Whether there is time to run a trial again.
   *
   * @param ms What that takes.
   */
  isLeftFor(ms: number): boolean {
    return ms <= SHARE_OF_LEFT * this.#plan.leftMs();
  }

  /** The longest window of a trial, ms, where as many requests as tell would take longer still. */
  get usualMs(): number {
    const { levelMs, leftMs } = this.#plan;
    const left = leftMs();
    if (left === Infinity) return LONGEST * levelMs;
    const most = left - this.#besideMs, half = SHARE_OF_LEFT * left;
    // Half of the time is of no use where the other half is too little for another trial.
    return Math.max(levelMs, half < 2 * this.#besideMs ? most : Math.min(most, half));
  }

  /** The lowest rate at which a trial can tell in the usual time, requests per second. */
  get leastPerSecond(): number {
    return 1000 * FEWEST_MARGIN * this.#plan.fewest / this.usualMs;
  }

  /**
   * The longest window of a trial, ms: longer than usual where that is needed, and enough, to tell anything.
   *
   * @param perSecond Requests that count.
   */
  longestMs(perSecond: number): number {
    return this.canTell(perSecond) ? Math.max(this.usualMs, this.#fewestMs(perSecond)) : this.usualMs;
  }

  /**
   * Whether a trial can tell anything in the time that there is.
   *
   * @param perSecond Requests that count.
   */
  canTell(perSecond: number): boolean {
    const left = this.#plan.leftMs();
    const mostMs = left === Infinity ? FURTHEST * this.#plan.levelMs : left - this.#besideMs;
    return this.#fewestMs(perSecond) <= mostMs;
  }

  /**
   * How long a trial takes in all in which as few requests are sent as can tell, ms.
   *
   * @param perSecond Requests that count.
   */
  tellingMs(perSecond: number): number {
    return this.#fewestMs(perSecond) + this.#besideMs;
  }

  /**
   * How many times longer an unclear trial is run again.
   *
   * @param wanted As many times as would tell.
   * @param windowMs Window of the first run, ms.
   */
  again(wanted: number, windowMs: number): number {
    const most = this.isSlow ? FURTHEST * this.#plan.levelMs / windowMs : 0;
    return Math.max(SECOND_RUN, Math.min(AGAIN_MARGIN * wanted, most));
  }

  /**
   * The warm-up of a trial, of a server that has met such requests before: of slow ones no more than fill it.
   *
   * @param requests That end meanwhile.
   */
  warmUp(requests: number): { warmUpRequests?: number } {
    return this.isSlow && this.#plan.warmUpRequests === undefined ? { warmUpRequests: requests } : {};
  }

  #fewestMs(perSecond: number): number {
    return 1000 * FEWEST_MARGIN * this.#plan.fewest / perSecond;
  }
}
