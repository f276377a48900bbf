import { callOver } from "../../src/wire/call.ts";
import type { Call } from "../../src/core/transport.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { httpAnswer, type RawRequest, startRawServer } from "../wire/raw_server.ts";
import type { FakeAnswer } from "./fake_server.ts";

/** A server of a few routes, and a way to call it. */
export interface RoutesServer extends AsyncDisposable {
  readonly url: string;
  readonly call: Call;
  /** Requests so far. */
  readonly requests: readonly RawRequest[];
}

/** Answers by `METHOD /path` without the query; everything else is 404 as FastAPI says it. */
export async function startRoutesServer(
  routes: Readonly<Record<string, FakeAnswer | ((request: RawRequest) => FakeAnswer)>>,
): Promise<RoutesServer> {
  const requests: RawRequest[] = [];
  const server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      requests.push(request);
      const route = routes[`${request.method} ${request.path.split("?")[0]}`];
      const answer = typeof route === "function" ? route(request) : route;
      const { body, status, headers } = answer ?? { body: '{"detail":"Not Found"}', status: 404, headers: [] };
      await connection.write(httpAnswer(body, status, headers));
    }
  });
  const transport = openTransport(server.url);
  return {
    url: server.url,
    call: callOver(transport),
    requests,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
