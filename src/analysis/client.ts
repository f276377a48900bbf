import type { ClientLimitEvidence } from "../results/finding.ts";
import type { ResultKind, TestResult } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import { LATE_MS } from "../results/window/at_least.ts";
import { CLIENT_LIMITS, type ClientLimit } from "../results/window/client_use.ts";
import { windowsOf } from "../results/windows.ts";
import { bottleneckOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";
import { levelsOf, windowsIn } from "./validity.ts";

/** Levels of one test that the client, not the server, may have set. */
export const clientLimited = (test: ResultKind): FindingRule => (tests) => {
  const result = tests[test];
  if (result === undefined) return null;
  const windows = windowsIn(tests, test);
  const limited = windows.filter(({ window }) => window.clientLimited);
  // A test with levels says of each level whether it was limited; its own summary would only repeat the worst.
  const isLimited = limited.length > 0 ||
    (levelsOf(windows).length === 0 && windows.some(({ window }) => window.succeeded > 0) && result.client.limited);
  if (!isLimited) return null;
  return { code: "client-limited", severity: "warning", evidence: clientLimitOf(test, result, limited) };
};

/**
 * How the client came to limit windows of a test.
 *
 * @param test The test.
 * @param result Its result.
 * @param limited The windows that it limited.
 */
export function clientLimitOf(
  test: ResultKind,
  { client: { cpuShare, ceilingPerSecond, ceilingAtLeast } }: TestResult,
  limited: readonly LevelWindow[],
): ClientLimitEvidence {
  const lateness = limited.flatMap(({ window: { latenessMs, clientUse } }) =>
    latenessMs && (clientUse?.because.includes("late") ?? true) ? [latenessMs.p95.value] : []
  );
  const latest = Math.max(0, ...lateness);
  const late = latest > LATE_MS ? { latenessMs: latest } : {};
  const ceiling = { ceilingPerSecond, ...(ceilingAtLeast ? { ceilingAtLeast } : {}) };
  return { test, levels: levelsOf(limited), cpuShare, ...ceiling, ...seenIn(limited), ...late };
}

/** Reasons and their figures, the highest of the windows, and the ceiling of their requests; of older files none. */
function seenIn(limited: readonly LevelWindow[]): Partial<ClientLimitEvidence> {
  const uses = limited.flatMap(({ window: { clientUse } }) => clientUse ?? []);
  if (uses.length === 0) return {};
  const because = CLIENT_LIMITS.filter((limit) => uses.some((use) => use.because.includes(limit)));
  const highest = (field: ShareField): Partial<ClientLimitEvidence> => {
    const shares = uses.flatMap(({ because, [field]: share }) =>
      share !== null && because.some((limit) => SHARES_OF[limit].includes(field)) ? [share] : []
    );
    return shares.length === 0 ? {} : { [field]: Math.max(...shares) };
  };
  const [lowest] = uses.filter((use) => use.ceilingPerSecond !== null)
    .toSorted((a, b) => a.ceilingPerSecond! - b.ceilingPerSecond!);
  return {
    because,
    ...Object.assign({}, ...SHARE_FIELDS.map(highest)),
    ...(lowest && { ceilingPerSecond: lowest.ceilingPerSecond }),
    ...(lowest?.ceilingAtLeast && { ceilingAtLeast: true }),
  };
}

const SHARE_FIELDS = [
  "starvedShare",
  "threadShare",
  "writingShare",
  "readingShare",
  "judgingShare",
  "betweenShare",
] as const;
type ShareField = typeof SHARE_FIELDS[number];

/** What each reason rests on. */
const SHARES_OF: Readonly<Record<ClientLimit, readonly ShareField[]>> = {
  thread: ["threadShare", "starvedShare"],
  writing: ["threadShare", "starvedShare", "writingShare"],
  reading: ["threadShare", "starvedShare", "readingShare"],
  judging: ["judgingShare"],
  between: ["betweenShare"],
  late: [],
};

/** The client on the machine of the server, where it took much of it: the window in which it took most. */
export const clientCpu: FindingRule = (tests) => {
  const [most] = windowsOf(tests).flatMap(({ kind: test, level, window: { clientUse } }) => {
    const { cpuShare = null, sharedCores = null } = clientUse ?? {};
    return cpuShare === null || sharedCores === null ? [] : [{ test, level, cpuShare, sharedCores }];
  }).toSorted((a, b) => b.cpuShare - a.cpuShare);
  if (most === undefined || most.cpuShare < THRESHOLDS.clientMachineShare * most.sharedCores) return null;
  return { code: "client-cpu", severity: "info", evidence: most };
};

/**
 * A stronger client, where the client limits what is measured at its best; where other programs wanted more than all its cores
 * before, first a quiet one.
 */
export const strongerClient: RecommendationRule = (_tests, findings, { busy }) => {
  const found = bottleneckOf(findings, "client");
  if (found === null) return null;
  return busy !== undefined && busy.loadAverage1m > busy.cores
    ? { code: "quiet-client", evidence: { ...found.evidence, busy } }
    : { code: "stronger-client", evidence: found.evidence };
};
