import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { Health, ModelDescription, Protocol, ProtocolCallOptions, ProtocolFactory } from "../core/protocol.ts";
import type { ModelInput } from "../core/model_input.ts";
import type { Call, WireRequest } from "../core/transport.ts";
import { judgeGeneric } from "./generic/judge.ts";
import type { GenericSpec, RequestTemplate } from "./generic/spec.ts";
import { fillTemplate } from "./generic/template.ts";
import { jsonItem } from "./shared/json_items.ts";
import { lacksModel } from "./shared/lacks_model.ts";
import { inputByName } from "./shared/model_families.ts";
import { ask, jsonRequest, succeeded, unexpected } from "./shared/server_answer.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";

/** Name of the protocol that a user describes. */
export const GENERIC = "generic";

const LOAD_TIMEOUT_MS = 120_000;
const utf8 = new TextEncoder();

/**
 * Any server over HTTP, as a user describes it.
 *
 * @param spec The description, from `parseGenericSpec`.
 */
export function genericProtocol(spec: GenericSpec): ProtocolFactory {
  return {
    name: GENERIC,
    // Nothing that a server shows could tell that it is the one described.
    detect: () => Promise.resolve(null),
    bind: (call) => Promise.resolve(bound(call, spec)),
  };
}

function bound(call: Call, spec: GenericSpec): Protocol {
  const { load, unload, present } = spec;
  const change = (request: RequestTemplate, verb: string) => (model: string, options?: ProtocolCallOptions) =>
    changed(call, requestFor(request, model, []), `${verb} the model "${model}"`, options);
  return {
    name: GENERIC,
    takesBytes: true,
    resolveModel: (name) => name,
    encode: (model, inputs) => encode(spec, model, inputs),
    judge: (response, asked) => judgeGeneric(response, asked, spec),
    health: (options) => health(call, spec, options),
    describeModel: (model, options) => describe(call, spec, model, options),
    ...load !== null && { load: change(load, "load") },
    ...unload !== null && { unload: change(unload, "unload") },
    ...present !== null && {
      verifyAbsent: async (model: string, options?: ProtocolCallOptions) => {
        const request = requestFor(present, model, []);
        const answer = await ask(call, request, `see whether the model "${model}" is there`, options);
        const evidence = `${request.method} ${request.path} answers status ${answer.status}`;
        return { absent: !succeeded(answer), evidence };
      },
    },
    lacks: {
      ...(load === null || unload === null) && {
        unload: "the description of the generic server has no load and unload",
      },
      ...present === null && {
        verifyAbsent:
          "the description of the generic server has no `present`: a request that succeeds only while the " +
          "model is loaded",
      },
      serverTimings: "a generic server does not count its own time",
    },
  };
}

function encode({ predict }: GenericSpec, model: string, inputs: readonly ModelInput[]): WireRequest {
  const [input] = inputs;
  if (input === undefined) throw new UsageError("Cannot encode a request as it must hold an item: found none");
  if (inputs.length > 1 && !takesBatches(predict)) {
    throw new UsageError(
      `Cannot encode a batch of ${inputs.length} as the template must hold {{inputs}}: it has none`,
      { hint: naming`Use ${option("batchSize", 1)}.` },
    );
  }
  const request = requestFor(predict, model, inputs);
  return predict.body === null ? { ...request, ...itself(input, predict.headers) } : request;
}

/** Without a template the item itself is the body. */
function itself(input: ModelInput, headers: readonly string[]): Pick<WireRequest, "headers" | "body"> {
  const [contentType, body] = input.kind === "bytes"
    ? [input.contentType, input.bytes]
    : input.kind === "text"
    ? ["text/plain; charset=utf-8", utf8.encode(input.text)]
    : ["application/json", jsonItem(input)];
  const typed = headers.some((name, i) => i % 2 === 0 && name === "content-type");
  return { headers: typed ? headers : [...headers, "content-type", contentType], body: Uint8Array.from(body) };
}

function requestFor(
  { method, path, headers, body }: RequestTemplate,
  model: string,
  inputs: readonly ModelInput[],
): WireRequest {
  const filledPath = new TextDecoder().decode(fillTemplate(path, encodeURIComponent(model), inputs));
  return { method, path: filledPath, headers, body: body === null ? null : fillTemplate(body, model, inputs) };
}

async function describe(
  call: Call,
  { predict, present }: GenericSpec,
  model: string,
  options?: ProtocolCallOptions,
): Promise<ModelDescription> {
  if (present !== null) {
    const request = requestFor(present, model, []);
    const answer = await ask(call, request, `see whether the model "${model}" is there`, options);
    if (!succeeded(answer)) throw lacksModel(model, null);
  }
  const known = { name: model, maxBatchSize: takesBatches(predict) ? null : 1, device: null };
  const input = inputByName(model);
  if (input === null) throw new UnknownInputError(known);
  return { ...known, input };
}

async function health(call: Call, spec: GenericSpec, options?: ProtocolCallOptions): Promise<Health> {
  const what = "ask for the server's health";
  if (spec.health === null) {
    await ask(call, jsonRequest("GET", "/"), what, options);
    return { healthy: true, detail: "it answers" };
  }
  const request = requestFor(spec.health, "", []);
  const answer = await ask(call, request, what, options);
  return {
    healthy: succeeded(answer),
    detail: `${request.method} ${request.path} answers status ${answer.status}: ${answer.words}`,
  };
}

async function changed(call: Call, request: WireRequest, what: string, options?: ProtocolCallOptions): Promise<void> {
  const answer = await ask(call, request, what, { timeoutMs: LOAD_TIMEOUT_MS, ...options });
  if (!succeeded(answer)) throw unexpected(answer, request, what);
}

function takesBatches({ body }: RequestTemplate): boolean {
  return body?.uses("inputs") ?? false;
}
