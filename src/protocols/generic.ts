import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type {
  EncodedRequest,
  Health,
  ModelDescription,
  Protocol,
  ProtocolCallOptions,
  ProtocolFactory,
} from "../core/protocol.ts";
import type { ModelInput } from "../core/model_input.ts";
import type { Call, WireRequest } from "../core/transport.ts";
import { wholeBody } from "../core/wire_body.ts";
import { BodyParts } from "../items/body_parts.ts";
import { encodedItem } from "../items/encoded_item.ts";
import { plainText } from "../items/text_marker.ts";
import { judgeGeneric } from "./generic/judge.ts";
import type { GenericSpec, RequestTemplate } from "./generic/spec.ts";
import { fillTemplate } from "./generic/template.ts";
import { loadRefusal } from "./shared/final_unload.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { lacksModel } from "./shared/lacks_model.ts";
import { inputByName } from "./shared/model_families.ts";
import { ask, jsonRequest, succeeded, unexpected } from "./shared/server_answer.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";

/** Name of the protocol that a user describes. */
export const GENERIC = "generic";

const LOAD_TIMEOUT_MS = 120_000;

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
    itemForm: () => JSON_ITEMS,
    judge: (response, asked) => judgeGeneric(response, asked, spec),
    health: (options) => health(call, spec, options),
    describeModel: (model, options) => describe(call, spec, model, options),
    ...load !== null && { load: change(load, "load") },
    ...unload !== null && { unload: change(unload, "unload") },
    ...load !== null && {
      whyUnloadIsFinal: (model: string, options?: ProtocolCallOptions) =>
        loadRefusal(() => change(load, "load")(model, options)),
    },
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

function encode({ predict }: GenericSpec, model: string, inputs: readonly ModelInput[]): EncodedRequest {
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
function itself(
  input: ModelInput,
  headers: readonly string[],
): Pick<EncodedRequest, "headers" | "body" | "markers"> {
  const body = new BodyParts();
  const typed = headers.some((name, i) => i % 2 === 0 && name === "content-type");
  const withType = (type: string) => typed ? headers : [...headers, "content-type", type];
  if (input.kind === "bytes") return { headers: withType(input.contentType), ...body.bytes(input).encoded() };
  if (input.kind === "text") {
    return { headers: withType("text/plain; charset=utf-8"), ...body.bytes(plainText(input)).encoded() };
  }
  return { headers: withType("application/json"), ...body.list([encodedItem(JSON_ITEMS, input)]).encoded() };
}

function requestFor(
  { method, path, headers, body }: RequestTemplate,
  model: string,
  inputs: readonly ModelInput[],
): EncodedRequest {
  const filledPath = new TextDecoder().decode(
    wholeBody(fillTemplate(path, encodeURIComponent(model), inputs).encoded().body),
  );
  const filled = body === null ? { body: null } : fillTemplate(body, model, inputs).encoded();
  return { method, path: filledPath, headers, ...filled };
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
