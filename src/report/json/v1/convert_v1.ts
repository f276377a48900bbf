import type { Incomparable } from "../../../results/comparison.ts";
import { closedLoad } from "./asked_load.ts";
import { convertTests } from "./convert_tests.ts";
import { converted, eachConverted, type Fields, isFields, without } from "./fields.ts";

/**
 * A results file of version 1 in the form of version 2: one of any test, or the document that an A/B test wrote. What
 * version 1 did not keep is `null` or left out; what is broken stays so, for the schema to say it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convertV1 } from "./convert_v1.ts";
 *
 * assertEquals(convertV1({ schemaVersion: 1, tests: { operatingPoints: "broken" } }), {
 *   schemaVersion: 2,
 *   tests: { "operating-points": "broken" },
 * });
 * ```
 *
 * @param document The file as JSON.
 * @returns What the schema of version 2 is to check.
 */
export function convertV1(document: Fields): Fields {
  if (document["kind"] === "ab") return reportOfAb(document);
  const parts: Fields = {
    schemaVersion: 2,
    tests: converted(document["tests"], (tests) => convertTests(tests, document)),
    findings: eachConverted(document["findings"], withDriftLoad),
    recommendations: eachConverted(document["recommendations"], withDriftLoad),
    baseline: converted(document["baseline"], convertBaseline),
  };
  // What is missing stays missing.
  return Object.fromEntries(Object.entries({ ...document, ...parts }).filter(([name]) => name in document));
}

/** Drift named the batch size and the concurrency of a closed loop, of which alone it spoke. */
function withDriftLoad(said: Fields): Fields {
  if (said["code"] !== "drift" && said["code"] !== "repeat-run") return said;
  const evidence = converted(said["evidence"], ({ batchSize, concurrency, ...rest }) => ({
    load: closedLoad(concurrency, batchSize),
    ...rest,
  }));
  return { ...said, evidence };
}

const REASONS: readonly (readonly [inWords: string, reason: Incomparable["reason"]])[] = [
  ["only in the first", "only-in-first"],
  ["only in the second", "only-in-second"],
  ["different loads", "different-loads"],
];

/** Why tests were not compared was a sentence. That version 1 never compared load tests says nothing of the two runs. */
function convertBaseline(baseline: Fields): Fields {
  const comparison = converted(baseline["comparison"], ({ incomparable, ...rest }) => ({
    ...rest,
    incomparable: Array.isArray(incomparable)
      ? incomparable.flatMap((entry: unknown) => {
        if (!isFields(entry)) return [entry];
        const known = REASONS.find(([words]) => String(entry["reason"]).startsWith(words));
        return known === undefined ? [] : [{ ...entry, reason: known[1] }];
      })
      : incomparable,
  }));
  return { ...baseline, comparison };
}

const UNKNOWN_MACHINE = {
  os: "unknown",
  cpu: null,
  cores: 0,
  memoryBytes: null,
  deno: "unknown",
  gpus: [],
  gpuAbsence: "the file does not say",
};

/** The result with what stood around it: the report was not there, and so neither its findings. */
function reportOfAb(document: Fields): Fields {
  const { tool, command, environment = UNKNOWN_MACHINE, seed, startedAt, elapsedMs, partial, a } = document;
  return {
    schemaVersion: 2,
    tool,
    startedAt,
    durationMs: elapsedMs,
    seed,
    command,
    environment,
    target: isFields(a) ? a["target"] : undefined,
    partial,
    tests: { ab: resultOfAb(without(document, "schemaVersion", "tool", "command", "environment")) },
    findings: [],
    recommendations: [],
    warnings: [],
  };
}

/** Version 1 kept one client check, of both servers together. */
function resultOfAb(result: Fields): Fields {
  const { concurrency, batchSize, client } = result;
  const side = (window: Fields): Fields => ({
    ...window,
    load: closedLoad(concurrency, batchSize),
    latencyFrom: "sent",
    firstByteMs: null,
    serverMs: null,
    client,
    absences: {},
  });
  return { ...result, a: converted(result["a"], side), b: converted(result["b"], side) };
}
