import type { Finding, RepeatedMeasurement } from "../results/finding.ts";
import { KINDS } from "../results/kinds.ts";
import { joined, say } from "./inline.ts";
import { inlineEstimate, inlineTime } from "./inline_quantity.ts";
import { loadInWords } from "./load_in_words.ts";
import { formatNumber, UNITS } from "./quantity.ts";
import type { Statement } from "./statement.ts";
import { enumerate } from "./words.ts";

type Evidence<Code extends Finding["code"]> = Extract<Finding, { code: Code }>["evidence"];

export function driftInWords({ load, slower, faster }: Evidence<"drift">): Statement {
  const where = ({ source, atMs, requestsPerSecond }: RepeatedMeasurement) => {
    const rate = inlineEstimate(requestsPerSecond, UNITS.requestsPerSecond);
    const when = atMs === undefined ? [] : say` ${inlineTime(atMs)} into the run`;
    return say`${rate} in ${KINDS[source].name}${when}`;
  };
  return {
    label: say`The same load (${loadInWords(load)}) reached ${where(slower)} and ${where(faster)}`,
    evidence: say`the machine or the server changed during the run, so compare its tests with care.`,
  };
}

export function warmingUpInWords(evidence: Evidence<"warming-up">): Statement {
  const { server, lastBefore, firstAfter, ratio, warmUpRequests, within } = evidence;
  const count = (requests: number) => formatNumber(requests, UNITS.none);
  const span = firstAfter - lastBefore > lastBefore / 2
    ? say`the first ${count(lastBefore)} to ${count(firstAfter)} requests`
    : say`requests 1 to about ${count(lastBefore)}`;
  const tests = within.map((kind) => KINDS[kind].name);
  return {
    label: say`The server${server === undefined ? "" : ` ${server}`} was still warming up`,
    evidence: joined([
      say`${span} took ${inlineEstimate(ratio, UNITS.times)} as long. `,
      tests.length === 0
        ? "What was measured of them was left out and measured again."
        : `They are in the figures of ${enumerate(tests)}: warm up with ${warmUpRequests} requests.`,
    ]),
  };
}

export function levelShiftInWords(evidence: Evidence<"level-shift">): Statement {
  const { test, load, server, lastBefore, firstAfter, beforeMs, afterMs, ratio } = evidence;
  const count = (requests: number) => formatNumber(requests, UNITS.none);
  const isInside = firstAfter - lastBefore <= 1;
  const where = isInside
    ? say`at request ${count(firstAfter)}, ${inlineTime(afterMs)} into the run`
    : say`between requests ${count(lastBefore)} and ${count(firstAfter)}, ${inlineTime(beforeMs)} to ${
      inlineTime(afterMs)
    } into the run`;
  const { value, low, high } = ratio;
  const slower = { ...ratio, value: 1 / value, low: high && 1 / high, high: low && 1 / low };
  const times = inlineEstimate(value > 1 ? ratio : slower, UNITS.times);
  const of = server === undefined ? "" : ` of server ${server}`;
  return {
    label: say`The level${of} shifted ${where}`,
    evidence: joined([
      say`requests of ${KINDS[test].name} (${loadInWords(load)}) took ${times} as long ${
        value > 1 ? "before" : "after"
      }: `,
      say`something changed on the server or its machine.`,
    ]),
  };
}
