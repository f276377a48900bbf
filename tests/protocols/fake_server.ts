import { httpAnswer, type RawRequest, startRawServer } from "../wire/raw_server.ts";

/** What a fake server does wrong. Those of the second block are the same for every protocol. */
export type Fault =
  | "none"
  | "other-model-answers"
  | "item-failed"
  | "all-null"
  | "one-null"
  | "too-few-predictions"
  | "says-no-success"
  | "no-server-time"
  | "unload-ignored"
  | "unload-refused"
  | "load-refused"
  | "unhealthy"
  // On predictions:
  | "truncated-json"
  | "html"
  | "status-503"
  | "silent"
  | "reset"
  | "closed";

/** An HTTP answer. */
export interface FakeAnswer {
  readonly status?: number;
  readonly body: string;
  readonly headers?: readonly string[];
}

/** What a fake server is and does. */
export interface FakeState {
  /** Models that it has, and whether they are loaded. */
  readonly models: Map<string, "loaded" | "unloaded" | "downloadable">;
  /** What it does wrong now. */
  fault: Fault;
  /** Whether models can be loaded and unloaded. */
  readonly lifecycle: boolean;
}

/** The server's side of one protocol. */
export interface FakeProtocol {
  /** Whether a request is a prediction. */
  isPrediction(request: RawRequest): boolean;
  /** What a server in this state answers. */
  answer(request: RawRequest, state: FakeState): FakeAnswer;
}

/** A running fake server. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly state: FakeState;
  /** Requests so far. */
  readonly requests: readonly RawRequest[];
}

/** A JSON answer. */
export function json(value: unknown, status = 200): FakeAnswer {
  return { status, body: JSON.stringify(value), headers: ["content-type: application/json"] };
}

/** Starts a fake server with the model `alpha` loaded and `beta` unloaded, unless told otherwise. */
export async function startFakeServer(protocol: FakeProtocol, options: Partial<FakeState> = {}): Promise<FakeServer> {
  const state: FakeState = {
    models: options.models ?? new Map([["alpha", "loaded"], ["beta", "unloaded"]]),
    fault: options.fault ?? "none",
    lifecycle: options.lifecycle ?? true,
  };
  const requests: RawRequest[] = [];
  const server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      requests.push(request);
      const answer = protocol.answer(request, state);
      const bytes = httpAnswer(answer.body, answer.status, answer.headers);
      switch (protocol.isPrediction(request) ? state.fault : "none") {
        case "truncated-json":
          await connection.write(httpAnswer(answer.body.slice(0, -5), answer.status, answer.headers));
          break;
        case "html":
          await connection.write(httpAnswer("<html><body>Welcome</body></html>", 200, ["content-type: text/html"]));
          break;
        case "status-503":
          await connection.write(httpAnswer('{"detail":"overloaded","error":"overloaded"}', 503));
          break;
        case "silent":
          break;
        case "reset":
          return connection.reset();
        case "closed":
          return await connection.write(bytes.slice(0, -5));
        default:
          await connection.write(bytes);
      }
    }
  });
  return { url: server.url, state, requests, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
