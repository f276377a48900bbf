import type { Estimate } from "../core/estimate.ts";
import type { ClientLimitEvidence } from "../results/finding.ts";
import { KINDS, type ResultKind, sidesOf, type TestResult, type TestResults } from "../results/kinds.ts";
import { areUnbelieved } from "../results/window/refused_server_times.ts";
import { windowsOf } from "../results/windows.ts";
import { type Inline, joined, say } from "./inline.ts";
import { inlineBytes, inlineEstimate, inlineNumber, inlineTime } from "./inline_quantity.ts";
import { formatNumber, formatShare, UNITS } from "./quantity.ts";

/**
 * Items as an English enumeration.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { enumerate } from "./words.ts";
 * assertEquals(enumerate([1, 2, 4]), "1, 2 and 4");
 * ```
 *
 * @param items What to enumerate.
 */
export function enumerate(items: readonly (string | number)[]): string {
  const [last, ...others] = items.map(String).toReversed();
  if (last === undefined) return "";
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}

/** A batch size and a concurrency that belong together: `batch size 4, concurrency 8`. */
export function pointInWords(batchSize: number | string, concurrency: number | string): string {
  return `batch size ${batchSize}, concurrency ${concurrency}`;
}

/** How many there are of something: "1 sample", "33 samples", "no samples". */
export function counted(count: number | undefined, what: string): string {
  return `${count || "no"} ${what}${count === 1 ? "" : "s"}`;
}

/** So many requests at a time: `4 concurrent requests`. */
export function concurrentRequests(count: number): string {
  return `${count} concurrent ${count === 1 ? "request" : "requests"}`;
}

/**
 * A load as the beginning of an advice: `Use batch size 8 with 4 concurrent requests`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { useInWords } from "./words.ts";
 *
 * assertEquals(useInWords(8, 4), "Use batch size 8 with 4 concurrent requests");
 * assertEquals(useInWords(8, 4, "server"), "Register the model with batch size 8 and send 4 concurrent single requests");
 * ```
 *
 * @param batchSize Items of a batch.
 * @param concurrency Requests outstanding.
 * @param batching `server` where it makes the batches of single requests.
 */
export function useInWords(batchSize: number, concurrency: number, batching?: "server"): string {
  if (batching === undefined) return `Use batch size ${batchSize} with ${concurrentRequests(concurrency)}`;
  const requests = concurrency === 1 ? "one single request at a time" : `${concurrency} concurrent single requests`;
  return `Register the model with batch size ${batchSize} and send ${requests}`;
}

/**
 * What the levels of a test are called: `batch size 8 and 16`; the test itself where it has none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { levelsInWords } from "./words.ts";
 * assertEquals(levelsInWords("throughput", [8, 16]), "batch size 8 and 16");
 * assertEquals(levelsInWords("operating-points", ["4 x 8"]), "batch size 4, concurrency 8");
 * ```
 *
 * @param test Its kind.
 * @param levels As results name them.
 */
export function levelsInWords(test: ResultKind, levels: readonly (number | string)[]): string {
  const { axis, name } = KINDS[test];
  if (levels.length === 0 || axis === null) return name;
  if (test === "operating-points") return levels.map((level) => pointInWords(...pairOf(level))).join("; ");
  const shown = levels.map((level) => typeof level === "number" ? formatNumber(level, UNITS.none) : level);
  return `${axis.label} ${enumerate(shown)}`;
}

/** A point by its name in results: `4 x 8`. */
function pairOf(level: number | string): [batchSize: string, concurrency: string] {
  const [batchSize = "", concurrency = ""] = String(level).split(" x ");
  return [batchSize, concurrency];
}

/**
 * Which share of a test's requests failed, and at which of its levels.
 *
 * @param test Its kind.
 * @param failed How many failed.
 * @param requests Of how many.
 * @param levels At which they were sent; empty where the test has none.
 */
export function failedInWords(
  test: ResultKind,
  failed: number,
  requests: number,
  levels: readonly (number | string)[] = [],
): string {
  const where = levels.length === 0 ? "" : ` at ${levelsInWords(test, levels)}`;
  return `${formatShare(failed, requests)} of the requests of ${KINDS[test].name}${where} failed`;
}

/**
 * A request where none succeeded: of several servers one to those that answered none.
 *
 * @param tests What was measured, of which something was not answered.
 */
export function requestUnanswered(tests: TestResults): string {
  const sides = sidesOf(tests);
  const silent = sides.filter(({ succeeded }) => succeeded === 0);
  if (silent.length === sides.length) return "request";
  return `request to ${enumerate(silent.map(({ title }) => title.replace(/^./, (first) => first.toLowerCase())))}`;
}

/** The server's words, cut where they are long: some servers answer with a page. */
export function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}

/** Requests that failed, by reason, with an example each in the server's own words. */
export function failuresInWords(
  failuresByReason: Readonly<Record<string, number>>,
  failureExamples: Readonly<Record<string, string>>,
): string {
  return Object.entries(failuresByReason)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => {
      const example = failureExamples[reason];
      return example === undefined ? `${count} ${reason}` : `${count} ${reason} ("${shortened(example)}")`;
    })
    .join(", ");
}

/**
 * How many of the server times that came with a test's answers were refused.
 *
 * @param result The test.
 * @returns `null` where none was.
 */
export function refusedServerTimesInWords(result: TestResult): string | null {
  const counts = windowsOf({ [result.kind]: result } as TestResults)
    .flatMap(({ window }) => window.refusedServerTimes ?? []);
  const refused = counts.reduce((sum, each) => sum + each.refused, 0);
  const told = counts.reduce((sum, each) => sum + each.told, 0);
  if (refused === 0) return null;
  const fate = refused < told && counts.some(areUnbelieved) ? "none is believed" : "refused";
  return `${refused} of ${told} server times were longer than the request, or below 0: ${fate}.`;
}

/** Memory growth in both its units: bytes per request, MiB per 10,000 requests. */
export function growthInWords(bytesPerRequest: Estimate): Inline {
  const scale = (bytes: number | null) => bytes === null ? null : bytes * 10_000;
  const { low, high, value } = bytesPerRequest;
  const per10k = { ...bytesPerRequest, value: value * 10_000, low: scale(low), high: scale(high) };
  return say`${inlineEstimate(bytesPerRequest, UNITS.bytesPerRequest)}, ${
    inlineEstimate(per10k, UNITS.mebibytes)
  } per 10,000 requests`;
}

/** A share from 0 to 1 in percent. */
export function shareInWords(share: number): string {
  return formatNumber(100 * share, UNITS.percent);
}

/** What shows that the client was the limit, and what it can do at most, in brackets; empty if nothing is known. */
export function clientInWords(evidence: ClientLimitEvidence): Inline {
  const { because, cpuShare, ceilingPerSecond, ceilingAtLeast = false, latenessMs } = evidence;
  const facts = [
    ...(latenessMs === undefined ? [] : [say`it sent 5% of the requests ${inlineTime(latenessMs)} late or more`]),
    ...sharesInWords(evidence),
    ...(because !== undefined || cpuShare === null ? [] : [say`it used ${shareInWords(cpuShare)} of a core`]),
    ...(ceilingPerSecond === null ? [] : [
      say`its ceiling is ${ceilingAtLeast ? "at least " : ""}${
        inlineNumber(ceilingPerSecond, UNITS.requestsPerSecond)
      }`,
    ]),
  ];
  return facts.length === 0 ? [] : say` (${joined(facts, ", ")})`;
}

/** A thread that waited less for a core was not held up. */
const WORTH_TELLING = 0.05;

/** Where the time of the client and of its requests went, as far as that is a reason. */
function sharesInWords(evidence: ClientLimitEvidence): Inline[] {
  const { threadShare, starvedShare = 0, writingShare, readingShare, judgingShare, betweenShare } = evidence;
  const rows: readonly (readonly [share: number | undefined, inWords: (percent: string) => string])[] = [
    [
      threadShare,
      (percent) =>
        `its thread was busy ${percent} of the time${
          starvedShare < WORTH_TELLING ? "" : ` and waited ${shareInWords(starvedShare)} of it for a core`
        }`,
    ],
    [writingShare, (percent) => `requests took ${percent} of theirs to be handed over`],
    [readingShare, (percent) => `answers took ${percent} of it to be read`],
    [judgingShare, (percent) => `judging took ${percent} of the requests' time`],
    [betweenShare, (percent) => `connections stood ${percent} of the time without a request`],
  ];
  return rows.flatMap(([share, inWords]) => share === undefined ? [] : [say`${inWords(shareInWords(share))}`]);
}

/** Allocator counters by name: `allocated 880 MiB, reserved 1920 MiB`. */
export function countersInWords(counters: Readonly<Record<string, number>>): Inline {
  const each = Object.entries(counters).map(([name, bytes]) => {
    // The names are the server's: `allocated_bytes` of one, `allocatedBytes` of another.
    const words = name.replace(/_?bytes$/i, "").replace(/_|(?=[A-Z])/g, " ").toLowerCase();
    return say`${words} ${inlineBytes(bytes)}`;
  });
  return joined(each, ", ");
}

/** A moment to the minute: `2026-03-04 09:30 UTC`. */
export function momentInWords(iso8601: string): string {
  return `${iso8601.slice(0, 16).replace("T", " ")} UTC`;
}
