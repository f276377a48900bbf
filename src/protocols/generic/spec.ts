import * as v from "valibot";
import { UsageError } from "../../core/errors.ts";
import type { JsonValue, ModelInput } from "../../core/model_input.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import { jsonText } from "../../items/exact/json_text.ts";
import { isRecord } from "../shared/server_answer.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { wholeBody } from "../../core/wire_body.ts";
import { bodyFlaw, type BodyKind, bodyKind } from "./body_flaw.ts";
import { formSchema, parseForm } from "./form_spec.ts";
import { pointerFlaw } from "./json_pointer.ts";
import { bodyUses, checkedRequest, type RequestTemplate } from "./request.ts";
import { fillTemplate, inText, parseTemplate, PLACEHOLDERS, type Template, usesPlaceholder } from "./template.ts";

/** How to talk to a server that speaks none of the known protocols. */
export interface GenericSpec {
  /** Asks for predictions. */
  readonly predict: RequestTemplate;
  /** JSON pointer to the predictions, or `null`: any answer is one. */
  readonly predictions: string | null;
  /** JSON pointer to an error, or `null`: errors are told by the status. */
  readonly error: string | null;
  /** Succeeds while the server is healthy; `null` if there is no such request. */
  readonly health: RequestTemplate | null;
  /** Loads the model, or `null`. */
  readonly load: RequestTemplate | null;
  /** Unloads the model, or `null`. */
  readonly unload: RequestTemplate | null;
  /** Succeeds only while the model is loaded, or `null`. */
  readonly present: RequestTemplate | null;
  /** Items to send where the user gives none. */
  readonly examples: readonly ModelInput[];
  /** What the model is called unless it is named; `null` where a request for predictions holds its name. */
  readonly defaultModel: string | null;
}

const HINT =
  'It looks like {"predict": {"path": "/predict", "bodyTemplate": {"inputs": "{{inputs}}"}}, "predictions": "/result"}, ' +
  'or with "form": {"file": "{{input}}"} for an upload; src/protocols/GENERIC.md shows all.';
const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

const pointer = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const flaw = dataset.typed ? pointerFlaw(dataset.value) : null;
    if (flaw !== null) addIssue({ message: `must be a JSON pointer: ${flaw}` });
  }),
);

const requestSchema = (method: typeof METHODS[number]) =>
  v.strictObject({
    method: v.optional(v.picklist(METHODS), method),
    path: v.pipe(v.string(), v.regex(/^\//, "must begin with /")),
    headers: v.optional(v.record(v.string(), v.string()), {}),
    bodyTemplate: v.optional(v.unknown()),
    bodyTemplateFile: v.optional(v.string()),
    ...formSchema,
  });

const schema = v.strictObject({
  predict: requestSchema("POST"),
  predictions: v.optional(pointer),
  error: v.optional(pointer),
  health: v.optional(requestSchema("GET")),
  load: v.optional(requestSchema("POST")),
  unload: v.optional(requestSchema("POST")),
  present: v.optional(requestSchema("GET")),
  examples: v.optional(v.pipe(v.array(v.unknown()), v.minLength(1, "must hold an item"))),
});

/** Reads a file that the description names. */
export type ReadTemplate = (path: string) => Promise<string>;

/**
 * Reads the description of a generic server: what the file of `--generic` holds.
 *
 * @param value The description, as JSON.
 * @param source Name of the file, for messages.
 * @param readTemplate Reads the file of a `bodyTemplateFile`.
 * @throws {UsageError} If it is not one: naming the field, what is required and what was found.
 */
export async function parseGenericSpec(
  value: unknown,
  source: string,
  readTemplate: ReadTemplate,
): Promise<GenericSpec> {
  if (!isRecord(value)) {
    throw new UsageError(`Cannot use the generic server of "${source}" as it must be a JSON object`, { hint: HINT });
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (!parsed.success) throw flaw(source, parsed.issues[0]);
  const { predictions = null, error = null, examples = [], ...requests } = parsed.output;
  const read = async (name: "health" | "load" | "unload" | "present") => {
    const request = requests[name];
    return request === undefined ? null : await requestTemplate(request, name, source, readTemplate);
  };
  const predict = await requestTemplate(requests.predict, "predict", source, readTemplate);
  const spec = {
    predict,
    defaultModel: usesPlaceholder(predict.path, "model") || bodyUses(predict, "model") ? null : "model",
    examples: examples.map(itemOf),
    predictions,
    error,
    health: await read("health"),
    load: await read("load"),
    unload: await read("unload"),
    present: await read("present"),
  };
  for (const name of ["health", "load", "unload", "present"] as const) checkWithoutInputs(spec[name], name, source);
  return spec;
}

function flaw(source: string, issue: v.BaseIssue<unknown>): UsageError {
  const field = v.getDotPath(issue) ?? "it";
  const required = issue.expected === "never"
    ? "is no field"
    : issue.received === "undefined"
    ? "must be there: it is missing"
    : `${issue.message.startsWith("must") ? issue.message : `must be ${issue.expected}`}: found ${issue.received}`;
  return new UsageError(`Cannot use the generic server of "${source}" as ${field} ${required}`, { hint: HINT });
}

const itemOf = (value: unknown): ModelInput =>
  typeof value === "string" ? { kind: "text", text: value } : { kind: "json", value: value as JsonValue };

const ANY_ITEM: ModelInput = { kind: "json", value: [0] };

async function requestTemplate(
  request: v.InferOutput<ReturnType<typeof requestSchema>>,
  name: string,
  source: string,
  readTemplate: ReadTemplate,
): Promise<RequestTemplate> {
  const { method, path, headers, bodyTemplate, bodyTemplateFile, form, formType } = request;
  const where = `${name} in "${source}"`;
  const bodies = Object.entries({ bodyTemplate, bodyTemplateFile, form }).filter(([, body]) => body !== undefined);
  if (bodies.length > 1) {
    const found = bodies.map(([name]) => name).join(" and ");
    throw new UsageError(`Cannot use ${where} as it must have one body: found ${found}`);
  }
  if (form === undefined && formType !== undefined) {
    throw new UsageError(`Cannot use ${where} as formType must be with a form: there is none`);
  }
  const parsedPath = parseTemplate(path, `the path of ${where}`, "plain");
  if (PLACEHOLDERS.some((name) => name !== "model" && name !== "batch" && usesPlaceholder(parsedPath, name))) {
    throw new UsageError(`Cannot use ${where} as its path may hold only {{model}} and {{batch}}: found an input`);
  }
  const typed = Object.entries(headers).find(([header]) => header.toLowerCase() === "content-type")?.[1];
  const shared = { method, path: parsedPath, where };
  if (form !== undefined) {
    if (typed !== undefined) {
      throw new UsageError(`Cannot use ${where} as a form sets its content type itself: found ${typed} in its headers`);
    }
    return { ...shared, headers: checkedHeaders(headers), body: parseForm(form, formType, where) };
  }
  const text = bodyTemplateFile !== undefined
    ? await readTemplate(bodyTemplateFile)
    : typeof bodyTemplate === "string" || bodyTemplate === undefined
    ? bodyTemplate
    : jsonText(bodyTemplate as JsonValue);
  if (text === undefined) return { ...shared, headers: checkedHeaders(headers), body: null };
  const contentType = typed ?? "application/json";
  const { kind } = bodyKind(contentType);
  const all = typed === undefined ? { ...headers, "content-type": contentType } : headers;
  const template = { ...shared, headers: checkedHeaders(all), body: bodyTemplateOf(text, where, kind) };
  // What no item can mend is found before there are any.
  checkedRequest(template, "model", [ANY_ITEM]);
  return template;
}

function bodyTemplateOf(text: string, where: string, kind: BodyKind["kind"]): Template {
  if (kind === "multipart") return parseTemplate(text, where, "plain");
  if (kind === "urlencoded") return parseTemplate(text, where, kind);
  const isJson = kind !== "other" || BEGINS_LIKE_JSON.test(text) && isJsonOnceFilled(text, where);
  const template = parseTemplate(text, where, "json", isJson);
  return isJson ? template : inText(template);
}

/** Servers take JSON under other content types as well. */
const BEGINS_LIKE_JSON = /^\s*(\[|\{(?!\{))/;

function isJsonOnceFilled(text: string, where: string): boolean {
  const filled = fillTemplate(new BodyParts(), parseTemplate(text, where, "json", true), "model", [ANY_ITEM]);
  return bodyFlaw({ kind: "json" }, wholeBody(filled.encoded().body)) === null;
}

function checkWithoutInputs(request: RequestTemplate | null, name: string, source: string): void {
  if (request === null || !bodyUses(request, "input", "inputs", "bytes", "base64")) return;
  throw new UsageError(`Cannot use ${name} in "${source}" as its body may hold only {{model}}: found an input`);
}
