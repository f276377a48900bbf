import { UsageError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import type { WireRequest } from "../../core/transport.ts";
import { wholeBody } from "../../core/wire_body.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { bodyFlaw, bodyKind } from "./body_flaw.ts";
import { fillForm, type Form, formTakesBatches } from "./form.ts";
import { fillTemplate, type Placeholder, type Template, usesPlaceholder } from "./template.ts";

/** One request of a generic server, with its templates. */
export interface RequestTemplate {
  /** HTTP method. */
  readonly method: WireRequest["method"];
  /** Path with query. */
  readonly path: Template;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Body by a template, or as a form; `null` where the item itself is the body, or there is none. */
  readonly body: Template | Form | null;
  /** What messages call it. */
  readonly where: string;
}

/**
 * Fills a request in for a batch.
 *
 * @param request The request.
 * @param model Name of the model.
 * @param inputs The items; none where it holds none.
 * @returns The request; its body shares the items.
 */
export function filledRequest(request: RequestTemplate, model: string, inputs: readonly ModelInput[]): EncodedRequest {
  const { method, headers, body } = request;
  const path = fillTemplate(new BodyParts(), request.path, percentEncoded(model), inputs).encoded().body;
  const filled = { method, path: new TextDecoder().decode(wholeBody(path)), headers };
  if (body === null) return { ...filled, body: null };
  if ("parts" in body) return { ...filled, ...fillTemplate(new BodyParts(), body, model, inputs).encoded() };
  const { contentType, ...form } = fillForm(body, model, inputs);
  return { ...filled, headers: [...headers, "content-type", contentType], ...form };
}

/**
 * The same, checked against its content type.
 *
 * @throws {UsageError} If the body is not what its content type says.
 */
export function checkedRequest(request: RequestTemplate, model: string, inputs: readonly ModelInput[]): EncodedRequest {
  const filled = filledRequest(request, model, inputs);
  const flaw = filled.body === null ? null : bodyFlaw(kindOf(filled.headers), wholeBody(filled.body));
  if (flaw === null) return filled;
  throw new UsageError(`Cannot use the template of ${request.where} as ${flaw}`, { hint: hintOf(request, inputs) });
}

/** Whether one item can make a body valid and another of its kind not. */
export function dependsOnItems({ headers, body }: RequestTemplate): boolean {
  const { kind } = kindOf(headers);
  return body !== null && "parts" in body &&
    (kind === "multipart" || kind.startsWith("json") && usesPlaceholder(body, "bytes"));
}

/** Whether a body uses one of some placeholders. */
export function bodyUses({ body }: RequestTemplate, ...names: readonly Placeholder[]): boolean {
  if (body === null) return false;
  const templates = "fields" in body ? body.fields.map(({ value }) => value) : [body];
  return templates.some((template) => usesPlaceholder(template, ...names));
}

/** Whether a request holds items at all. */
export function holdsItems(request: RequestTemplate): boolean {
  return request.body === null || bodyUses(request, "input", "inputs", "base64", "bytes");
}

/** Whether a request may hold several items. */
export function takesBatches({ body }: RequestTemplate): boolean {
  if (body === null) return false;
  return "fields" in body ? formTakesBatches(body) : usesPlaceholder(body, "inputs");
}

/** How a request must be described to hold several items. */
export function batchHint({ body }: RequestTemplate): string {
  const list = "write {{inputs}} where it takes a list of items";
  return body !== null && "fields" in body
    ? `In the description write ["{{input}}"] as the value of a field that is sent once for each item, or ${list}.`
    : `In the description ${list}.`;
}

function kindOf(headers: readonly string[]) {
  const at = headers.findIndex((name, i) => i % 2 === 0 && name === "content-type");
  return bodyKind(at === -1 ? "" : headers[at + 1]!);
}

function hintOf({ body, headers }: RequestTemplate, inputs: readonly ModelInput[]): string {
  if (kindOf(headers).kind === "multipart") return 'Describe it as a form instead: "form": {"file": "{{input}}"}.';
  const isRaw = body !== null && "parts" in body && usesPlaceholder(body, "bytes") && inputs[0]?.kind !== "json";
  return isRaw
    ? "In JSON write {{base64}} for bytes, and {{input}} for a text."
    : 'Write {{input}} and {{inputs}} without quotes or alone within them, and {{model}} within: "{{model}}".';
}
