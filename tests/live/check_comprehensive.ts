import { assertEquals, assertExists, assertGreater } from "@std/assert";
import { loadResult } from "../../src/cli/inputs/report_file.ts";
import type { Target } from "../../src/core/target.ts";
import { RESULT_KINDS, resultsOf } from "../../src/results/kinds.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { run } from "../cli/command.ts";
import { assertColdStarts, assertMemory } from "./assert_model_cycle.ts";
import type { Expectations } from "./expectations.ts";
import { readJournal } from "./journal.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** Some servers take many seconds for each, as for each batch size. */
const COLD_STARTS = 1;

/**
 * Whether `comprehensive --quick` measures everything, is right about what unloads the model, and leaves it loaded.
 *
 * @param check The server, its model as a target, and what is true of it.
 */
export async function checkComprehensive(
  { server, target, expected }: { server: LiveServer; target: Target; expected: Expectations },
): Promise<void> {
  const known = (await readJournal(server, expected.model)).length;
  const output = `${server.folder}/results.json`;
  const { code, stderr } = await run([
    ...["--test-type", "comprehensive", "--quick"],
    ...["--cold-starts", String(COLD_STARTS), "--batch-sizes", expected.batchSizes.join(",")],
    ...["--url", server.url, "--model", expected.model],
    ...["--format", "json", "--output", output],
    ...await inputArguments(server, expected),
  ]);
  assertEquals(code, 0, stderr);
  const { partial, tests } = await loadResult(output);
  assertEquals(partial, null);
  assertEquals(
    resultsOf(tests).map(({ kind }) => kind),
    RESULT_KINDS.filter((kind) => !["prompts", "load", "ab"].includes(kind)),
  );
  for (const { window } of windowsOf(tests)) {
    assertEquals(window.failuresByReason, {});
    assertGreater(window.succeeded, 0);
  }
  // How seldom one is seen where there is none is the calibration's to show.
  if (expected.caches) assertEquals(tests.basic?.cache?.verdict, "cache", JSON.stringify(tests.basic?.cache));
  const journal = (await readJournal(server, expected.model)).slice(known);
  assertExists(tests.latency);
  assertExists(tests.memory);
  // A server that is told of its batches loads the model for each size: its cold starts have a test of their own.
  if (expected.batching === "request") assertColdStarts(tests.latency, journal, COLD_STARTS, expected);
  await assertMemory(tests.memory, server, expected);
  const { failuresByReason } = await runBasicTest(target, { requests: 10, warmUpRequests: 1 });
  assertEquals(failuresByReason, {}, "the model answers afterwards");
}

/** What the command must be told of the items and of the server, where nobody else tells it. */
async function inputArguments({ folder }: LiveServer, { inputs, description }: Expectations): Promise<string[]> {
  const given = [];
  if (inputs?.kind === "tensors") {
    for (const { name, shape } of inputs.tensors) given.push("--input-shape", `${name}:${shape}`);
  }
  if (inputs?.kind === "samples") {
    const samples = `${folder}/samples`;
    await Deno.mkdir(samples);
    for (const [i, item] of inputs.samples.entries()) {
      if (item.kind === "bytes") await Deno.writeFile(`${samples}/${i}.bin`, item.bytes);
    }
    given.push("--input-data", samples);
  }
  if (description !== undefined) {
    const path = `${folder}/description.json`;
    await Deno.writeTextFile(path, JSON.stringify(description));
    given.push("--generic", path);
  }
  return given;
}
