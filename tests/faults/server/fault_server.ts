import { fakeGeneric } from "../../protocols/fake_generic.ts";
import { fakeKserveV2 } from "../../protocols/fake_kserve_v2.ts";
import type { FakeAnswer, FakeProtocol, FakeState } from "../../protocols/fake_server.ts";
import { fakeOpenai } from "../../protocols/openai/fake_openai.ts";
import { fakeTorchInference } from "../../protocols/fake_torch_inference.ts";
import { fakeTorchserve } from "../../protocols/fake_torchserve.ts";
import { httpAnswer, type RawConnection, type RawRequest, startRawServer } from "../../wire/raw_server.ts";
import type { Identity } from "../../wire/certificates.ts";
import type { Dialect, Fault, Life } from "../mode.ts";

const FAKES: Readonly<Record<Dialect, FakeProtocol>> = {
  "kserve-v2": fakeKserveV2,
  "torch-inference": fakeTorchInference,
  "torchserve": fakeTorchserve,
  "generic": fakeGeneric,
  "openai": fakeOpenai,
};

/** What a faulty server saw and did. */
export interface Counts {
  /** Connections that were accepted. */
  readonly accepted: number;
  /** Of these still open. */
  readonly open: number;
  /** Requests that came whole, of any kind. */
  readonly requests: number;
  /** Requests for predictions. */
  readonly predictions: number;
  /** Requests for predictions that were answered soundly. */
  readonly sound: number;
  /** How often the fault was put in, on what it lies in. */
  readonly injected: number;
}

/** A running faulty server. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  counts(): Counts;
}

const FRESH = { accepted: 0, requests: 0, predictions: 0, sound: 0, injected: 0 };

/**
 * Starts a server that speaks a protocol soundly, but for one fault.
 *
 * @param dialect What it speaks; its model is `alpha`.
 * @param fault What is wrong with it; none if `null`.
 * @param identity Its certificate, where it speaks TLS.
 */
export async function startFaultServer(
  dialect: Dialect,
  fault: Fault | null,
  identity: Identity | null = null,
): Promise<FaultServer> {
  const fake: FakeState = { models: new Map([["alpha", "loaded"]]), fault: "none", lifecycle: true };
  const counts = { ...FRESH };
  const connections = new Set<RawConnection>();
  let frozen = false, eligible = 0;
  const life: Life = {
    fake,
    die() {
      server.stopListening();
      for (const connection of connections) connection.reset();
    },
    rise: () => server.listenAgain(),
    freeze() {
      frozen = true;
      for (const connection of connections) connection.pause();
    },
  };
  const protocol = FAKES[dialect];
  const answer = async (connection: RawConnection, request: RawRequest) => {
    counts.requests++;
    const isPrediction = protocol.isPrediction(request);
    if (isPrediction) counts.predictions++;
    const good = soundAnswer(protocol, request, fake);
    if (isMeant(fault, isPrediction, request) && fault.hits.hit(++eligible)) {
      counts.injected++;
      await fault.script({ connection, request, good, number: eligible, life });
      return;
    }
    if (isPrediction) counts.sound++;
    await connection.write(httpAnswer(good.body, good.status, good.headers));
  };
  const server = await startRawServer(
    async (connection) => {
      counts.accepted++;
      connections.add(connection);
      connection.closed.then(() => connections.delete(connection));
      if (frozen) return await stuck(connection);
      if (fault?.at === "connections" && fault.hits.hit(counts.accepted)) {
        counts.injected++;
        await fault.script(connection);
      }
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        // What was read before it froze stays unanswered.
        if (frozen) return await stuck(connection);
        await answer(connection, request);
      }
    },
    "127.0.0.1",
    identity,
  );
  return {
    url: server.url,
    port: server.port,
    counts: () => ({ ...counts, open: server.open() }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function stuck(connection: RawConnection): Promise<void> {
  connection.pause();
  return connection.closed;
}

function isMeant(
  fault: Fault | null,
  isPrediction: boolean,
  { method, path }: RawRequest,
): fault is Extract<Fault, { at: "predictions" | "calls" }> {
  if (fault?.at === "predictions") return isPrediction;
  return fault?.at === "calls" && !isPrediction && fault.matching.test(`${method} ${path}`);
}

/** Requests that no fake server understands are answered with 400, as by any server. */
function soundAnswer(protocol: FakeProtocol, request: RawRequest, fake: FakeState): FakeAnswer {
  try {
    return protocol.answer(request, fake);
  } catch (error) {
    return { status: 400, body: JSON.stringify({ error: String(error) }) };
  }
}
