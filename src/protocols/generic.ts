import { TargetError, UsageError } from "../core/errors.ts";
import { loading } from "../core/patience/loading.ts";
import { shownPath } from "../core/request/secret_name.ts";
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
import { BodyParts } from "../items/body_parts.ts";
import { encodedItem } from "../items/encoded_item.ts";
import { plainText } from "../items/text_marker.ts";
import { atPointer } from "./generic/json_pointer.ts";
import { judgeGeneric } from "./generic/judge.ts";
import {
  batchHint,
  checkedRequest,
  dependsOnItems,
  filledRequest,
  holdsItems,
  type RequestTemplate,
  takesBatches,
} from "./generic/request.ts";
import type { GenericSpec } from "./generic/spec.ts";
import { UncoveredErrors } from "./generic/uncovered_errors.ts";
import { seen } from "./shared/capability_probe.ts";
import { loadRefusal } from "./shared/final_unload.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { inputByName } from "./shared/model_families.ts";
import { isNotReady, notReady } from "./shared/not_ready.ts";
import { ask, inStatus, isError, isRecord, jsonRequest, succeeded, unexpected } from "./shared/server_answer.ts";
import { refusalShowsAbsence } from "./shared/shown_absence.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";

/** Name of the protocol that a user describes. */
export const GENERIC = "generic";

const NO_ITEMS =
  "The body of the description holds no items, neither {{input}} nor {{inputs}}: all requests are the same.";

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
  const change = (request: RequestTemplate, verb: string) => (model: string, options?: ProtocolCallOptions) => {
    const patient = verb === "load" ? loading(options) : options;
    return changed(call, filledRequest(request, model, []), `${verb} the model "${model}"`, spec.error, patient);
  };
  const checked = new Set<string>(), uncovered = new UncoveredErrors(spec);
  return {
    name: GENERIC,
    takesBytes: true,
    resolveModel: (name) => name,
    encode: (model, inputs) => encode(spec, model, inputs, checked),
    itemForm: () => JSON_ITEMS,
    judge: (response, asked) => judgeGeneric(response, asked, spec, uncovered),
    notes: () => [...holdsItems(spec.predict) ? [] : [NO_ITEMS], ...uncovered.notes()],
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
        const request = filledRequest(present, model, []);
        const answer = await ask(call, request, `see whether the model "${model}" is there`, options);
        const evidence = `${request.method} ${shownPath(request.path)} answers ${inStatus(answer)}`;
        const absent = refusalShowsAbsence(answer, { path: request.path, model, hasRoute: true });
        return { absent, evidence };
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
      ...!takesBatches(spec.predict) &&
        { setServerBatch: "its description has neither {{inputs}} nor a repeated field" },
    },
  };
}

/** @param checked The kinds of item with which the body was found to be what it must. */
function encode(
  { predict }: GenericSpec,
  model: string,
  inputs: readonly ModelInput[],
  checked: Set<string>,
): EncodedRequest {
  const [input] = inputs;
  if (input === undefined) throw new UsageError("Cannot encode a request as it must hold an item: found none");
  if (inputs.length > 1 && !takesBatches(predict)) {
    throw new UsageError(
      `Cannot encode a batch of ${inputs.length} as the description must have {{inputs}} or a repeated field: it has none`,
      { hint: batchHint(predict) },
    );
  }
  if (predict.body === null) return { ...filledRequest(predict, model, inputs), ...itself(input, predict.headers) };
  const kinds = inputs.map(({ kind }) => kind).filter((kind) => !checked.has(kind));
  if (kinds.length === 0 && !dependsOnItems(predict)) return filledRequest(predict, model, inputs);
  const request = checkedRequest(predict, model, inputs);
  checked.add(input.kind);
  return request;
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

async function describe(
  call: Call,
  { predict, present, examples }: GenericSpec,
  model: string,
  options?: ProtocolCallOptions,
): Promise<ModelDescription> {
  if (present !== null) {
    const request = filledRequest(present, model, []);
    const what = `see whether the model "${model}" is there`;
    const answer = await ask(call, request, what, options);
    if (refusalShowsAbsence(answer, { path: request.path, model, hasRoute: true })) {
      throw new TargetError(`Cannot use the model "${model}" as the server must have it: ${seen(request, answer)}`);
    }
    if (isNotReady(answer)) throw notReady(seen(request, answer), answer);
    if (!succeeded(answer)) throw unexpected(answer, request, what);
  }
  const batch = takesBatches(predict) ? { maxBatchSize: null } : { maxBatchSize: 1, batchHint: batchHint(predict) };
  const known = { name: model, ...batch, device: null };
  if (examples.length > 0) return { ...known, input: { kind: "samples", samples: examples } };
  const input = inputByName(model);
  if (input === null) throw new UnknownInputError(known);
  return { ...known, input };
}

async function health(call: Call, spec: GenericSpec, options?: ProtocolCallOptions): Promise<Health> {
  const what = "ask for the server's health";
  if (spec.health === null) {
    const answer = await ask(call, jsonRequest("GET", "/"), what, options);
    if (!isNotReady(answer)) return { healthy: true, detail: "it answers" };
    const otherwise = "where that says nothing of it, describe its `health`";
    const isThere = answer.status === 429 || answer.status === 503;
    return { healthy: false, detail: `GET / answers ${inStatus(answer)}; ${otherwise}`, isThere };
  }
  const request = filledRequest(spec.health, "", []);
  const answer = await ask(call, request, what, options);
  return {
    healthy: succeeded(answer),
    detail: `${request.method} ${shownPath(request.path)} answers status ${answer.status}: ${answer.words}`,
  };
}

/** Whatever the status, an answer that says so is a refusal. */
async function changed(
  call: Call,
  request: WireRequest,
  what: string,
  error: GenericSpec["error"],
  options?: ProtocolCallOptions,
): Promise<void> {
  const answer = await ask(call, request, what, options), { value } = answer;
  const refuses = error !== null && isError(atPointer(value, error)) || isRecord(value) && value["success"] === false;
  if (refuses || !succeeded(answer)) throw unexpected(answer, request, what, "succeed");
}
