import fc from "fast-check";
import type { Call, WireRequest, WireResponse } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import type { FakeProtocol, FakeState } from "../protocols/fake_server.ts";
import { type Edit, edited, edits } from "./hostile.ts";

/** What is done to one answer. */
type Change =
  | { readonly kind: "none" }
  | { readonly kind: "edits"; readonly edits: readonly Edit[] }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** What is done to the answers of a server, in turn and from the beginning again. */
export type Changes = readonly Change[];

/** Servers of which some answers are changed, others as they should be. */
export const changes: fc.Arbitrary<Changes> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Change>({ kind: "none" }) },
    { weight: 5, arbitrary: edits.map((edits): Change => ({ kind: "edits", edits })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(200, 204, 302, 400, 401, 404, 503).map((status): Change => ({
        kind: "status",
        status,
      })),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes): Change => ({ kind: "bytes", bytes })) },
  ),
  { minLength: 1, maxLength: 12 },
);

/** A request as a server sees it, and its answer. */
export type Answers = (
  request: WireRequest,
) => { readonly status?: number; readonly body: string; readonly headers?: readonly string[] };

/** The answers of a fake server with the model `alpha` loaded and `beta` unloaded. */
export function answersOf(fake: FakeProtocol): Answers {
  const models: FakeState["models"] = new Map([["alpha", "loaded"], ["beta", "unloaded"], ["gamma", "downloadable"]]);
  const state: FakeState = { models, fault: "none", lifecycle: true };
  return ({ method, path, headers, body }) => {
    const named: Record<string, string> = {};
    for (let i = 0; i + 1 < headers.length; i += 2) named[headers[i]!] = headers[i + 1]!;
    const text = body === null ? "" : new TextDecoder().decode(wholeBody(body));
    return fake.answer({ method, path, headers: named, body: text }, state);
  };
}

/**
 * Calls to a server whose answers are changed.
 *
 * @param answers What it would answer.
 * @param changes What is done to its answers.
 */
export function changedCalls(answers: Answers, changes: Changes): Call {
  let calls = 0;
  return (request) => {
    const change = changes[calls++ % changes.length]!;
    // Polls end at some time, whatever it is that they wait for.
    if (calls > 60) return Promise.resolve({ status: 404, headers: {}, body: new Uint8Array() });
    return Promise.resolve(changedAnswer(answers(request), change));
  };
}

function changedAnswer({ status = 200, body, headers }: ReturnType<Answers>, change: Change): WireResponse {
  const named = Object.fromEntries((headers ?? []).map((line) => /^([^:]*): *(.*)$/.exec(line)!.slice(1)));
  const answer = { status, headers: named, body: new TextEncoder().encode(body) };
  switch (change.kind) {
    case "none":
      return answer;
    case "status":
      return { ...answer, status: change.status };
    case "bytes":
      return { ...answer, body: change.bytes };
    case "edits":
      return { ...answer, body: new TextEncoder().encode(edited(jsonOr(body), change.edits)) };
  }
}

function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
