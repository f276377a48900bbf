import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { FailureReason } from "../../src/core/outcome.ts";
import type { ModelInput } from "../../src/core/model_input.ts";
import type { Protocol, ProtocolFactory, Verdict } from "../../src/core/protocol.ts";
import type { Call, WireResponse } from "../../src/core/transport.ts";
import { judged } from "../../src/load/judged.ts";
import { callOver } from "../../src/wire/call.ts";
import { UnknownInputError } from "../../src/protocols/shared/unknown_input_error.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { exchange } from "../wire/exchange.ts";
import { answering, httpAnswer, startRawServer } from "../wire/raw_server.ts";
import { deepenedAnswers } from "./shared/deepened_answers.ts";
import { type FakeProtocol, type FakeServer, type FakeState, type Fault, startFakeServer } from "./fake_server.ts";

/** A protocol, a fake server that speaks it, and what does not apply to it. */
export interface ConformanceSubject {
  readonly factory: ProtocolFactory;
  readonly fake: FakeProtocol;
  /** An item that the fake server's models take; `n` makes items differ. */
  item(n: number): ModelInput;
  /** Whether answers hold the server's own time. */
  readonly tellsServerTime: boolean;
  /** Whether a request may hold several items. @default {true} */
  readonly batches?: boolean;
  /** Cases that do not apply, with the reason. */
  readonly skip: Partial<Record<Fault | "download" | "detection" | "list" | "lifecycle" | "without-lifecycle", string>>;
}

interface Session extends AsyncDisposable {
  readonly server: FakeServer;
  readonly protocol: Protocol;
  readonly call: Call;
  /** Sends one prediction. */
  answer(batchSize: number): Promise<WireResponse | null>;
  /** Sends one prediction and judges what comes back. */
  predict(batchSize: number, options?: { model?: string; allowNullResults?: boolean }): Promise<Verdict>;
}

/** What each fault must be judged as, for one item and for a batch of three. */
const FAULTS: readonly [Fault, FailureReason][] = [
  ["other-model-answers", "wrong-model"],
  ["item-failed", "rejected"],
  ["all-null", "rejected"],
  ["one-null", "rejected"],
  ["says-no-success", "rejected"],
  ["too-few-predictions", "malformed"],
  ["truncated-json", "malformed"],
  ["html", "malformed"],
  ["status-503", "status"],
  ["silent", "timeout"],
  ["reset", "reset"],
  ["closed", "closed"],
];

/** Registers the cases that every protocol must pass. */
export function testConformance(subject: ConformanceSubject): void {
  const { name } = subject.factory;
  const test = (title: string, body: () => Promise<void>, fault?: keyof ConformanceSubject["skip"]) => {
    const reason = fault === undefined ? undefined : subject.skip[fault];
    if (reason === undefined) Deno.test(`${name} ${title}`, body);
    else Deno.test.ignore(`${name} ${title} (skipped: ${reason})`, body);
  };
  testDetection(subject, test);
  testVerdicts(subject, test);
  testModels(subject, test);
  testLifecycle(subject, test);
}

function oneAndSeveral({ batches = true }: ConformanceSubject): readonly number[] {
  return batches ? [1, 3] : [1];
}

type Register = (title: string, body: () => Promise<void>, fault?: keyof ConformanceSubject["skip"]) => void;

function testDetection(subject: ConformanceSubject, test: Register): void {
  test("detect() says what it saw on a server of its kind and null on others", async () => {
    await using session = await open(subject);
    assertEquals(typeof await subject.factory.detect(session.call), "string");
    for (const body of ["<html>", "{}", "[]", '{"status":"ok"}']) {
      await using other = await startRawServer(answering(() => httpAnswer(body)));
      await using transport = openTransport(other.url);
      assertEquals(await subject.factory.detect(callOver(transport)), null, body);
    }
    await using closed = await startRawServer(answering(() => httpAnswer("{}", 404)));
    await using transport = openTransport(closed.url);
    assertEquals(await subject.factory.detect(callOver(transport)), null);
  }, "detection");

  test("health() tells healthy and unhealthy apart", async () => {
    await using session = await open(subject);
    assertEquals((await session.protocol.health()).healthy, true);
    session.server.state.fault = "unhealthy";
    assertEquals((await session.protocol.health()).healthy, false);
  });
}

function testVerdicts(subject: ConformanceSubject, test: Register): void {
  test("judge() takes a right answer for one item and for several", async () => {
    await using session = await open(subject);
    for (const batchSize of subject.batches ?? true ? [1, 2, 3, 8] : [1]) {
      const verdict = await session.predict(batchSize);
      assert(verdict.kind === "success", JSON.stringify(verdict));
      if (subject.tellsServerTime) assertEquals(verdict.serverMs, 1.5);
      else assertEquals(verdict.serverMs, null);
    }
  });

  test("judge() takes an answer without the server's time, which is then null", async () => {
    await using session = await open(subject, { fault: "no-server-time" });
    assertEquals(await session.predict(1), { kind: "success", serverMs: null });
  }, "no-server-time");

  test("judge() takes null results only if they are allowed", async () => {
    await using session = await open(subject, { fault: "all-null" });
    for (const batchSize of oneAndSeveral(subject)) {
      assertEquals((await session.predict(batchSize)).kind, "failure");
      assertEquals((await session.predict(batchSize, { allowNullResults: true })).kind, "success");
    }
  }, "all-null");

  for (const [fault, reason] of FAULTS) {
    test(`judges "${reason}" when the fault is ${fault}`, async () => {
      await using session = await open(subject, { fault });
      for (const batchSize of oneAndSeveral(subject)) {
        const verdict = await session.predict(batchSize);
        assert(verdict.kind === "failure", `batch of ${batchSize} is taken for a success`);
        assertEquals(verdict.reason, reason, verdict.message);
        assert(verdict.message !== "");
      }
    }, fault);
  }

  test("judges what is nested a hundred thousand deep, wherever that is", async () => {
    await using session = await open(subject);
    const right = await session.answer(1);
    assert(right !== null);
    for (const text of deepenedAnswers(new TextDecoder().decode(right.body))) {
      const response = { ...right, body: new TextEncoder().encode(text) };
      const asked = { model: "alpha", predictions: 1, allowNullResults: false };
      const verdict = judged(session.protocol, response, asked);
      if (verdict.kind === "failure") assert(!["status", "timeout"].includes(verdict.reason) && verdict.message !== "");
    }
  });

  test("judges what a server says about an unknown model as a failure", async () => {
    await using session = await open(subject);
    const verdict = await session.predict(1, { model: "nobody" });
    assert(verdict.kind === "failure");
    assert(["status", "wrong-model"].includes(verdict.reason), verdict.reason);
  });
}

function testModels(subject: ConformanceSubject, test: Register): void {
  test("listModels() lists every model with its state", async () => {
    await using session = await open(subject);
    const models = await session.protocol.listModels?.() ?? [];
    const states = Object.fromEntries(models.map(({ name, loaded }) => [name, loaded]));
    assertEquals(states, { alpha: true, beta: false });
  }, "list");

  test("describeModel() describes a loaded model and lists what there is instead of an unknown one", async () => {
    await using session = await open(subject);
    const description = await session.protocol.describeModel("alpha").catch((error) => {
      // Some protocols never say what a model takes: the rest must be known all the same.
      if (error instanceof UnknownInputError) return error.known;
      throw error;
    });
    assertEquals(description.name, "alpha");
    assert(description.maxBatchSize === null || description.maxBatchSize >= 1);
    const error = await assertRejects(() => session.protocol.describeModel("nobody"), TargetError, '"nobody"');
    if (session.protocol.listModels !== undefined) assertStringIncludes(error.message, "alpha");
  });

  test("rejects with TargetError where the server breaks off, and with the signal's reason", async () => {
    const session = await open(subject);
    const { protocol } = session;
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    assertEquals(await assertRejects(() => protocol.describeModel("alpha", { signal })), reason);
    await session.server[Symbol.asyncDispose]();
    await assertRejects(() => protocol.health(), TargetError);
    await assertRejects(() => protocol.describeModel("alpha"), TargetError);
    if (protocol.listModels !== undefined) await assertRejects(() => protocol.listModels!(), TargetError);
    if (subject.skip.lifecycle === undefined) {
      await assertRejects(() => protocol.load!("alpha"), TargetError);
      await assertRejects(() => protocol.unload!("alpha"), TargetError);
      await assertRejects(() => protocol.verifyAbsent!("alpha"), TargetError);
    }
    await session[Symbol.asyncDispose]();
  });

  test("download() fetches a model, and rejects where the server does not know it", async () => {
    await using session = await open(subject, { models: new Map([["gamma", "downloadable"]]) });
    const { protocol } = session;
    assertEquals((await protocol.listDownloadable!()).map(({ name }) => name), ["gamma"]);
    await protocol.download!("gamma");
    assertEquals((await protocol.listModels!()).map(({ name }) => name), ["gamma"]);
    await assertRejects(() => protocol.download!("nobody"), TargetError, "nobody");
  }, "download");
}

function testLifecycle(subject: ConformanceSubject, test: Register): void {
  test("load() and unload() do what they say, seen by verifyAbsent() and by predictions", async () => {
    await using session = await open(subject);
    const { protocol } = session;
    assertEquals((await protocol.verifyAbsent!("alpha")).absent, false);
    await protocol.unload!("alpha");
    const gone = await protocol.verifyAbsent!("alpha");
    assertEquals(gone.absent, true, gone.evidence);
    assert(gone.evidence !== "");
    assertEquals((await session.predict(1)).kind, "failure");
    await protocol.load!("alpha");
    assertEquals((await protocol.verifyAbsent!("alpha")).absent, false);
    assertEquals((await session.predict(1)).kind, "success");
  }, "lifecycle");

  test("verifyAbsent() is not taken in by an unload that did not happen", async () => {
    await using session = await open(subject, { fault: "unload-ignored" });
    await session.protocol.unload!("alpha");
    assertEquals((await session.protocol.verifyAbsent!("alpha")).absent, false);
  }, "unload-ignored");

  test("load() and unload() reject where the server refuses", async () => {
    await using session = await open(subject, { fault: "unload-refused" });
    await assertRejects(() => session.protocol.unload!("alpha"), TargetError, "unload");
    session.server.state.fault = "load-refused";
    await assertRejects(() => session.protocol.load!("beta"), TargetError, "load");
    await assertRejects(() => session.protocol.load!("nobody"), TargetError, "nobody");
  }, "lifecycle");

  test("bind() leaves out load() and unload() where the server has none, and changes nothing", async () => {
    await using session = await open(subject, { lifecycle: false });
    assertEquals(session.protocol.load, undefined);
    assertEquals(session.protocol.unload, undefined);
    assertStringIncludes(session.protocol.lacks?.unload ?? "", "503");
    await using other = await open(subject);
    assertEquals(other.protocol.lacks?.unload, undefined);
    assertEquals([...other.server.state.models], [["alpha", "loaded"], ["beta", "unloaded"]]);
  }, "without-lifecycle");
}

async function open(subject: ConformanceSubject, state: Partial<FakeState> = {}): Promise<Session> {
  const server = await startFakeServer(subject.fake, state);
  const transport = openTransport(server.url);
  const call = callOver(transport);
  const protocol = await subject.factory.bind(call);
  return {
    server,
    protocol,
    call,
    async answer(batchSize) {
      const inputs = Array.from({ length: batchSize }, (_, n) => subject.item(n));
      return (await exchange(transport.openLane(), protocol.encode("alpha", inputs), 10_000)).response;
    },
    async predict(batchSize, { model = "alpha", allowNullResults = false } = {}) {
      const inputs = Array.from({ length: batchSize }, (_, n) => subject.item(n));
      const timeoutMs = server.state.fault === "silent" ? 50 : 10_000;
      const { response, reason, message } = await exchange(
        transport.openLane(),
        protocol.encode(model, inputs),
        timeoutMs,
      );
      if (response === null) return { kind: "failure", reason: reason!, message };
      return protocol.judge(response, { model, predictions: batchSize, allowNullResults });
    },
    async [Symbol.asyncDispose]() {
      await transport.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
