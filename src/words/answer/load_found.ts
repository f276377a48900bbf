import { isClientsEnd } from "../../results/kinds/capacity_outcome.ts";
import type { CapacitySearch, LoadResult } from "../../results/kinds/load.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { rateLimits } from "../../results/window/rate_limits.ts";
import { whyNoneUsable } from "../../results/window/usable.ts";
import { capitalized, say } from "../inline.ts";
import { inlineNumber, inlineTime } from "../inline_quantity.ts";
import { UNITS } from "../quantity.ts";
import type { Found } from "./found.ts";
import { untoldInWords } from "./untold_in_words.ts";

const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);

/** What the load test found, and what follows. */
export function ofLoad({ levels, capacity, absences, partial }: LoadResult): Found {
  if (capacity !== null) return ofCapacity(capacity.objectives, capacity.rate, partial !== null);
  const why = absences["capacity"];
  const rates = ofRates(levels);
  return why === undefined
    ? rates
    : { ...rates, found: say`No capacity was searched: ${why}.${rates.found === null ? "" : say` ${rates.found}`}` };
}

function ofRates(levels: LoadResult["levels"]): Found {
  const { sustained, saturated, unclear } = rateLimits(levels);
  const lowest = levels[0];
  if (lowest === undefined) return { found: null, next: null };
  const tooMany = saturated?.clientLimited !== true
    ? null
    : say`${rate(askedRate(saturated))} were too many for this client, so that the server's own end was not seen`;
  const beyond = saturated === null
    ? ""
    : tooMany !== null
    ? say`; ${tooMany}`
    : say`, and no longer with ${rate(askedRate(saturated))}`;
  if (sustained === null || sustained.requestsPerSecond === null) {
    if (lowest.saturated === false) {
      const why = whyNoneUsable(levels, "rate that it kept up with");
      return {
        found: say`The server kept up with ${rate(askedRate(lowest))}, the lowest offered, but ${why}.`,
        next: null,
      };
    }
    if (tooMany !== null && lowest === saturated) return { found: say`${tooMany}.`, next: null };
    const isUnclear = unclear.length > 0;
    const none = isUnclear
      ? say`Of none of the offered rates is it sure that the server keeps up with it`
      : say`The server kept up with none of the offered rates`;
    return {
      found: say`${none}, of which the lowest is ${rate(askedRate(lowest))}.`,
      next: say`Offer lower rates${isUnclear ? ", or measure longer," : ""} to find the highest that it keeps up with.`,
    };
  }
  const p95 = sustained.latencyMs === null ? [] : say`, p95 ${inlineTime(sustained.latencyMs.p95.value)}`;
  return {
    found: say`The server keeps up with ${rate(askedRate(sustained))}${p95}${beyond}.`,
    next: saturated === null && unclear.length > 0
      ? say`Of higher rates it cannot be told: a longer duration tells.`
      : saturated === null
      ? say`It was the highest rate offered: higher ones tell where the server ends.`
      : say`Send no more than ${rate(askedRate(sustained))}.`,
  };
}

function ofCapacity(objectives: string, search: CapacitySearch, isCutOff: boolean): Found {
  const { highest, lowestMissed, probes, untold } = search;
  const isUnclear = probes.find(({ level }) => level === lowestMissed)?.verdict === "unclear";
  const isClients = isClientsEnd(search);
  if (highest === null) {
    const even = lowestMissed === null
      ? say`${isCutOff ? "the test ended" : "the time was up"} before one was tried to its end`
      : isClients
      ? say`at ${rate(lowestMissed)} the client was the limit`
      : isUnclear
      ? say`even of ${rate(lowestMissed)} it cannot be told whether it does`
      : say`even ${rate(lowestMissed)} did not`;
    return {
      found: say`No rate was found that keeps ${objectives}: ${even}.`,
      next: isCutOff && lowestMissed === null
        ? null
        : untold !== undefined
        ? capitalized(say`${untoldInWords(untold, rate)}.`)
        : isClients
        ? say`Measure with a stronger client.`
        : isUnclear || lowestMissed === null
        ? say`A longer duration tells.`
        : say`Send less still, loosen the objectives, or make the server faster.`,
    };
  }
  const beyond = lowestMissed === null
    ? say` at least, the most that was tried`
    : isClients
    ? say` at least; at ${rate(lowestMissed)} the client was the limit`
    : isUnclear
    ? say`; of ${rate(lowestMissed)} it cannot be told`
    : say`; ${rate(lowestMissed)} misses them`;
  return {
    found: say`The server keeps ${objectives} up to ${rate(highest)}${beyond}.`,
    next: lowestMissed === null
      ? say`A longer run, or a stronger client, tells more.`
      : say`Send no more than ${rate(highest)}.`,
  };
}
