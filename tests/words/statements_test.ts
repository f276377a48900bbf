import { assert, assertEquals, assertNotMatch } from "@std/assert";
import type { GpuGrowthEvidence, WarmingUpEvidence } from "../../src/results/finding.ts";
import { findingInWords } from "../../src/words/finding_in_words.ts";
import { headline } from "../../src/words/headline.ts";
import { type Inline, plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { sentenceOf } from "../../src/words/statement.ts";
import { reports } from "../report/fixtures.ts";
import { gpuReports } from "../report/gpu_fixtures.ts";

const all = Object.values({ ...reports, ...gpuReports });
const statements = all.flatMap(({ findings, recommendations }) => [
  ...findings.map(findingInWords),
  ...recommendations.map(recommendationInWords),
]);

Deno.test("findings, recommendations and headlines name no option of the command line", () => {
  for (const sentence of [...statements.map(sentenceOf), ...all.map(headline)]) {
    assertNotMatch(plainText(sentence), /--[a-z]/);
  }
});

Deno.test("findings and recommendations say something, with no number from its unit and no interval in plain words", () => {
  const words = (inline: Inline) => inline.flatMap((span) => span.kind === "text" ? [span.text] : []).join("|");
  assert(statements.length > 50);
  for (const statement of statements) {
    const sentence = sentenceOf(statement);
    assert(plainText(sentence).length > 10);
    assertNotMatch(words(sentence), /\d (?:ms|MB|req\/s|pred\/s|W|J|MHz|USD)\b|\[[\d.]+, /);
  }
});

Deno.test("recommendationInWords() gives what to do apart from what it rests on", () => {
  const overheadMs = { value: 2348, low: 2288, high: 2424, level: 0.95, n: 5 };
  const { label, evidence } = recommendationInWords({ code: "preload", evidence: { overheadMs, thresholdMs: 1000 } });
  assertEquals(
    plainText(label ?? []),
    "Consider model preloading to avoid cold start delays of 2.35 s [2.29, 2.42]",
  );
  assertEquals(plainText(evidence ?? []), "load at start-up, cache the weights, keep it warm");
});

Deno.test("findingInWords() tells a leak of GPU memory from a cache that fills, and from one that goes on growing", () => {
  const slope = (value: number) => ({ value, low: value, high: value, level: 0.95, n: 160 });
  const told = (evidence: Partial<GpuGrowthEvidence>) =>
    plainText(sentenceOf(findingInWords({
      code: "gpu-memory-growth",
      severity: "info",
      evidence: { by: "allocator", bytesPerRequest: slope(0), verdict: "stable", requests: 2000, ...evidence },
    })));
  assert(told({ filledBytes: 600 * 2 ** 20 }).endsWith(" A cache of 600.0 MiB filled and stopped."));
  assert(told({ cacheBytesPerRequest: slope(4096) }).endsWith("[4096, 4096]: a cache or fragmentation, no leak."));
  const leak = told({ verdict: "growing", bytesPerRequest: slope(2 ** 20), requestsUntilFull: 140_000 });
  assert(leak.startsWith("GPU memory grows: 1,048,576 bytes/request"), leak);
  assert(leak.endsWith("by the allocator's counters). The device is full after about 140,000 more."), leak);
  assert(
    told({ by: "process", verdict: "cannot tell", requestsNeeded: 920 }).endsWith("About 920 requests would tell."),
  );
});

Deno.test("findingInWords() says of a server that warmed up how many requests were slow, and what to do where they count", () => {
  const load = { kind: "closed", concurrency: 1, batchSize: 1 } as const;
  const ratio = { value: 2.1, low: 2, high: 2.2, level: 0.999, n: 300 };
  const shift = {
    test: "basic",
    load,
    lastBefore: 400,
    firstAfter: 401,
    beforeMs: 4000,
    afterMs: 4005,
    ratio,
  } as const;
  const told = (within: readonly "basic"[], changes: Partial<WarmingUpEvidence> = {}) =>
    plainText(sentenceOf(findingInWords({
      code: "warming-up",
      severity: "warning",
      evidence: { ...shift, cause: "warm-up", warmUpRequests: 500, within, ...changes },
    })));
  assertEquals(
    told(["basic"]),
    "The server was still warming up: requests 1 to about 400 took 2.10x [2.00, 2.20] as long. They are in the figures of " +
      "the basic test: warm up with 500 requests.",
  );
  assert(told([]).endsWith("What was measured of them was left out and measured again."));
  assert(told([], { lastBefore: 90 }).includes("the first 90 to 401 requests took"));
  const shifted = findingInWords({
    code: "level-shift",
    severity: "warning",
    evidence: { ...shift, cause: "unknown" },
  });
  assertEquals(
    plainText(sentenceOf(shifted)),
    "The level shifted at request 401, 4.01 s into the run: requests of the basic test (closed loop, concurrency 1, batch size 1) took " +
      "2.10x [2.00, 2.20] as long before: something changed on the server or its machine.",
  );
});

Deno.test("a limit that was met says what the server asked for, and one that was heeded what that did to the rates", () => {
  const evidence = { test: "basic", requests: 50, limited: 4, levels: [], example: "status 429: slow down" } as const;
  const told = (more: { readonly heldMs?: number; readonly isOpen?: boolean }) =>
    plainText(
      sentenceOf(findingInWords({ code: "rate-limited", severity: "warning", evidence: { ...evidence, ...more } })),
    );
  const met = 'The server turned away 8.0% of the requests of the basic test (4 of 50): "status 429: slow down".';
  assertEquals(told({}), met);
  assertEquals(
    told({ heldMs: 2000, isOpen: false }),
    `${met} Nothing was sent for 2 s, as it asked: rates are what its limit lets through, not what it can do.`,
  );
  assert(told({ heldMs: 2000, isOpen: true }).endsWith("waited, and its latency counts from when it was due."));
});
