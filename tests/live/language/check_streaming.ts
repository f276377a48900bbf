import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import type { SampleRow } from "../../../src/core/sample.ts";
import { TOKEN_SOURCES, type TokenSource } from "../../../src/core/stream/stream_row.ts";
import type { Target } from "../../../src/core/target.ts";
import type { SampleLog } from "../../../src/measure/sample_log.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../../src/test_types/scalability.ts";
import type { LiveServer } from "../servers/live_server.ts";

/** What is true of a server of language models. */
export interface StreamExpectations {
  readonly protocol: string;
  readonly model: string;
  /** What counts its tokens. */
  readonly tokenSource: TokenSource;
  /** Tokens of each answer, as it was asked for; `null` where nothing counts them. */
  readonly outputTokens: number | null;
  /** Whether a role comes before the first token. */
  readonly roleFirst: boolean;
  /** Rate that the server is far from full at, requests per second; left out, nothing is offered at a rate. */
  readonly ratePerSecond?: number;
  /** What it says of a model that it does not have. */
  readonly wrongModel: string;
}

const QUICK = { quick: true, requests: 8, warmUpRequests: 2 } as const;

/**
 * All that is said of streamed answers, against a real server.
 *
 * @param t The steps' test.
 * @param check The server, its model as a target, and what is true of it.
 */
export async function checkStreaming(
  t: Deno.TestContext,
  check: { readonly server: LiveServer; readonly target: Target; readonly expected: StreamExpectations },
): Promise<void> {
  const { server, target, expected } = check;
  await t.step("connect() finds the protocol and the model", () => {
    assertEquals([target.protocol.name, target.model], [expected.protocol, expected.model]);
  });
  await t.step("tokens are counted, and a role is not the first", () => checkTokens(target, expected));
  await t.step("streams at once share the server", () => checkScalability(target, expected));
  const { ratePerSecond } = expected;
  if (ratePerSecond !== undefined) {
    await t.step("in an open loop the first token counts from when it was due", () => checkLoad(target, ratePerSecond));
  }
  await t.step(
    "a model that is not there is a failure, in the server's words",
    () => checkWrongModel(target, expected),
  );
  await t.step("connect() names the models that there are", async () => {
    const wrong = connect(server.url, { protocol: expected.protocol, model: "no-such-model" });
    const { message } = await assertRejects(() => wrong, TargetError);
    assertStringIncludes(message, expected.model);
  });
}

async function checkTokens(target: Target, expected: StreamExpectations): Promise<void> {
  const { tokenSource, outputTokens, roleFirst } = expected;
  const { rows, sampleLog } = kept();
  const result = await runBasicTest(target, { ...QUICK, concurrency: 2, sampleLog });
  assertEquals(result.failuresByReason, {}, JSON.stringify(result.failureExamples));
  assertExists(result.streams);
  assertEquals(result.streams.tokenSources, { [tokenSource]: result.streams.answers });
  assertEquals(result.streams.refusedCounts, 0);
  const succeeded = rows.filter(({ result }) => result === "success");
  assertGreaterOrEqual(succeeded.length, QUICK.requests);
  for (const { sentAt, firstByteAt, endedAt, stream } of succeeded) {
    assertExists(stream);
    assertEquals(TOKEN_SOURCES[stream.tokenSource], tokenSource);
    if (outputTokens !== null) assertEquals(stream.outputTokens, outputTokens);
    const moments = [sentAt, firstByteAt, stream.firstEventAt, stream.firstTokenAt, stream.lastTokenAt, endedAt];
    assertEquals(moments, moments.toSorted((a, b) => a - b));
    assert(stream.reads > 1, "its tokens came one after the other");
  }
  // On a busy machine both may come by one read.
  const isApart = succeeded.some(({ stream }) => stream!.firstEventAt < stream!.firstTokenAt);
  if (roleFirst) assert(isApart, "the role came before the first token");
  const { firstTokenMs, latencyMs, outputTokensPerSecond } = result;
  assertLess(firstTokenMs!.p50.value, latencyMs!.p50.value);
  if (outputTokens === null) {
    assertEquals([result.tokenMs ?? null, outputTokensPerSecond ?? null], [null, null]);
    return;
  }
  assertGreater(result.tokenMs!.p50.value, 0);
  assertGreater(outputTokensPerSecond!.value, 0);
}

async function checkScalability(target: Target, { tokenSource }: StreamExpectations): Promise<void> {
  const { levels } = await runScalabilityTest(target, { ...QUICK, levels: [1, 4] });
  assertEquals(levels.map(({ concurrency }) => concurrency), [1, 4]);
  for (const { failuresByReason, failureExamples, streams, firstTokenMs } of levels) {
    assertEquals(failuresByReason, {}, JSON.stringify(failureExamples));
    assertEquals(Object.keys(streams!.tokenSources), [tokenSource]);
    assertExists(firstTokenMs);
  }
}

async function checkLoad(target: Target, ratePerSecond: number): Promise<void> {
  const { levels } = await runLoadTest(target, { ...QUICK, rates: [ratePerSecond], durationMs: 2000 });
  const [level] = levels;
  assertExists(level);
  assertEquals([level.failuresByReason, level.latencyFrom], [{}, "due"]);
  assertLessOrEqual(level.firstTokenMs!.p50.value, level.latencyMs!.p50.value);
}

async function checkWrongModel(target: Target, { wrongModel }: StreamExpectations): Promise<void> {
  const { rows, sampleLog } = kept();
  const wrong: Target = { ...target, model: "no-such-model" };
  const result = await runBasicTest(wrong, { requests: 3, warmUpRequests: 0, durationMs: 3000, sampleLog });
  assertEquals(result.succeeded, 0);
  assertEquals(result.firstTokenMs ?? null, null, "an answer that failed has no first token");
  for (const { stream } of rows) assertEquals(stream?.firstTokenAt ?? NaN, NaN);
  assertStringIncludes(`${result.lost?.reason} ${JSON.stringify(result.failureExamples)}`, wrongModel);
}

/** Keeps what is measured, request by request. */
function kept(): { readonly rows: readonly SampleRow[]; readonly sampleLog: SampleLog } {
  const rows: SampleRow[] = [];
  const keep = ({ stream, ...row }: SampleRow) => rows.push({ ...row, stream: stream ? { ...stream } : null });
  return { rows, sampleLog: { begin: () => keep, ended: () => {} } };
}
