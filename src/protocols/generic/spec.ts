import * as v from "valibot";
import { UsageError } from "../../core/errors.ts";
import type { WireRequest } from "../../core/transport.ts";
import { wholeBody } from "../../core/wire_body.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import { isRecord } from "../shared/server_answer.ts";
import { pointerFlaw } from "./json_pointer.ts";
import { fillTemplate, jsonTemplate, parseTemplate, type Template } from "./template.ts";

/** One request of a generic server, with its templates. */
export interface RequestTemplate {
  /** HTTP method. */
  readonly method: WireRequest["method"];
  /** Path with query. */
  readonly path: Template;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Body; `null` where the item itself is the body, or there is none. */
  readonly body: Template | null;
}

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
  /** What the model is called unless it is named; `null` where a request for predictions holds its name. */
  readonly defaultModel: string | null;
}

const HINT =
  'It looks like {"predict": {"path": "/predict", "bodyTemplate": {"inputs": "{{inputs}}"}}, "predictions": "/result"}.';
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
  });

const schema = v.strictObject({
  predict: requestSchema("POST"),
  predictions: v.optional(pointer),
  error: v.optional(pointer),
  health: v.optional(requestSchema("GET")),
  load: v.optional(requestSchema("POST")),
  unload: v.optional(requestSchema("POST")),
  present: v.optional(requestSchema("GET")),
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
  const { predictions = null, error = null, ...requests } = parsed.output;
  const read = async (name: "health" | "load" | "unload" | "present") => {
    const request = requests[name];
    return request === undefined ? null : await requestTemplate(request, name, source, readTemplate);
  };
  const predict = await requestTemplate(requests.predict, "predict", source, readTemplate);
  const namesModel = predict.path.uses("model") || (predict.body?.uses("model") ?? false);
  const spec = {
    predict,
    defaultModel: namesModel ? null : "model",
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

async function requestTemplate(
  request: v.InferOutput<ReturnType<typeof requestSchema>>,
  name: string,
  source: string,
  readTemplate: ReadTemplate,
): Promise<RequestTemplate> {
  const { method, path, headers, bodyTemplate, bodyTemplateFile } = request;
  const where = `${name} in "${source}"`;
  if (bodyTemplate !== undefined && bodyTemplateFile !== undefined) {
    throw new UsageError(`Cannot use ${where} as it must have one body: found bodyTemplate and bodyTemplateFile`);
  }
  const text = bodyTemplateFile !== undefined
    ? await readTemplate(bodyTemplateFile)
    : typeof bodyTemplate === "string" || bodyTemplate === undefined
    ? bodyTemplate
    : jsonTemplate(bodyTemplate);
  const body = text === undefined ? null : parseTemplate(text, where);
  const typed = Object.keys(headers).some((header) => header.toLowerCase() === "content-type");
  const all = body === null || typed ? headers : { ...headers, "content-type": "application/json" };
  const parsedPath = parseTemplate(path, `the path of ${where}`);
  if (parsedPath.uses("input") || parsedPath.uses("inputs")) {
    throw new UsageError(`Cannot use ${where} as its path may hold only {{model}} and {{batch}}: found an input`);
  }
  if (body !== null) checkJson(body, all, where);
  return { method, path: parsedPath, headers: checkedHeaders(all), body };
}

/** A body that shall be JSON must be JSON when it is filled in. */
function checkJson(body: Template, headers: Readonly<Record<string, string>>, where: string): void {
  const isJson = Object.entries(headers).some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
  if (!isJson) return;
  const { body: parts } = fillTemplate(body, "model", [{ kind: "json", value: [0] }]).encoded();
  const filled = new TextDecoder().decode(wholeBody(parts));
  try {
    JSON.parse(filled);
  } catch (error) {
    throw new UsageError(
      `Cannot use the template of ${where} as it must be JSON once it is filled in: ${(error as Error).message}`,
      { cause: error, hint: 'Write {{input}} and {{inputs}} without quotes, and {{model}} within: "{{model}}".' },
    );
  }
}

function checkWithoutInputs(request: RequestTemplate | null, name: string, source: string): void {
  if (request?.body?.uses("input") || request?.body?.uses("inputs")) {
    throw new UsageError(`Cannot use ${name} in "${source}" as its body may hold only {{model}}: found an input`);
  }
}
