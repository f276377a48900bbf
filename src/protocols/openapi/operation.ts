import { isRecord } from "../shared/server_answer.ts";
import { readSchema } from "./schema.ts";

/** A request of a document that may ask for predictions. */
export interface Operation {
  /** Its path, with `{name}` where something must be put in. */
  readonly path: string;
  /** HTTP method. */
  readonly method: "POST" | "PUT";
  /** What its path, query and headers hold. */
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  /** Content type and schema of its body; `null` where the document does not say. */
  readonly body: { readonly contentType: string; readonly schema: unknown; readonly examples: unknown } | null;
  /** Schema of an answer that succeeds, where it is JSON; `undefined` where the document does not say. */
  readonly answer: unknown;
}

/** By what servers call requests for predictions, the surest first. */
const LIKELY = [
  /predict/,
  /infer/,
  /invocations|forward|generate|complet|chat/,
  /embed|encode|classify|detect|segment|summar|transcri|translat|caption|rerank|score|similar|vector/,
];
/** What does something else. */
const UNLIKELY =
  /(^|\/|_)(un)?load(_|\/|$)|log_?in|log_?out|token$|auth|health|ready|live|ping|metrics|shutdown|stop|delete|reset|register|train|feedback/;

/**
 * The requests with a body that a document has, likely ones for predictions first.
 *
 * @param document OpenAPI 3 or Swagger 2.
 */
export function operationsOf(document: Readonly<Record<string, unknown>>): Operation[] {
  const paths = isRecord(document["paths"]) ? Object.entries(document["paths"]) : [];
  const found = paths.flatMap(([path, item]) =>
    (["POST", "PUT"] as const).flatMap((method) => {
      const operation = isRecord(item) ? item[method.toLowerCase()] : undefined;
      if (!isRecord(item) || !isRecord(operation)) return [];
      const parameters = [item["parameters"] ?? [], operation["parameters"] ?? []].flat().map((parameter) =>
        readReference(document, parameter)
      );
      const body = bodyOf(document, operation, parameters);
      return [{ path: withBase(document, path), method, parameters, body, answer: answerOf(document, operation) }];
    })
  );
  return found.map((operation, i) => ({ operation, i, rank: rankOf(operation) }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i).map(({ operation }) => operation);
}

/** Whether an operation is likely one for predictions by its name. */
export function isLikely({ path }: Pick<Operation, "path">): boolean {
  const name = path.toLowerCase();
  return !UNLIKELY.test(name) && LIKELY.some((pattern) => pattern.test(name));
}

function rankOf({ path, method, body }: Operation): number {
  const name = path.toLowerCase();
  const found = LIKELY.findIndex((pattern) => pattern.test(name));
  return (found === -1 ? LIKELY.length : found) + (UNLIKELY.test(name) ? 10 : 0) + (method === "PUT" ? 5 : 0) +
    (body === null ? 0.5 : 0);
}

const PREFERRED = [
  /json/,
  /^multipart\/form-data/,
  /^application\/x-www-form-urlencoded/,
  /^application\/octet-stream/,
];

function bodyOf(
  document: unknown,
  operation: Readonly<Record<string, unknown>>,
  parameters: readonly Readonly<Record<string, unknown>>[],
): Operation["body"] {
  const content = readReference(document, operation["requestBody"])["content"];
  if (isRecord(content)) {
    const rank = (type: string) => PREFERRED.findIndex((pattern) => pattern.test(type)) + 1 || PREFERRED.length + 1;
    const [first] = Object.entries(content).sort(([a], [b]) => rank(a) - rank(b));
    if (first === undefined) return null;
    const [contentType, media] = first;
    return isRecord(media)
      ? { contentType, schema: media["schema"], examples: media["example"] ?? media["examples"] }
      : { contentType, schema: undefined, examples: undefined };
  }
  return swaggerBody(operation, parameters);
}

/** Swagger 2 has the body among the parameters. */
function swaggerBody(
  { consumes }: Readonly<Record<string, unknown>>,
  parameters: readonly Readonly<Record<string, unknown>>[],
): Operation["body"] {
  const body = parameters.find((parameter) => parameter["in"] === "body");
  if (body !== undefined) return { contentType: "application/json", schema: body["schema"], examples: undefined };
  const fields = parameters.filter((parameter) => parameter["in"] === "formData");
  if (fields.length === 0) return null;
  const isMultipart = [consumes ?? []].flat().includes("multipart/form-data") ||
    fields.some((field) => field["type"] === "file");
  return {
    contentType: isMultipart ? "multipart/form-data" : "application/x-www-form-urlencoded",
    schema: {
      type: "object",
      properties: Object.fromEntries(fields.map((field) => [field["name"], { ...field, required: undefined }])),
      required: fields.filter((field) => field["required"] === true).map((field) => field["name"]),
    },
    examples: undefined,
  };
}

function answerOf(document: unknown, { responses }: Readonly<Record<string, unknown>>): unknown {
  if (!isRecord(responses)) return undefined;
  const name = ["200", "201", "2XX", "default"].find((status) => status in responses);
  const answer = name === undefined ? {} : readReference(document, responses[name]);
  const content = answer["content"];
  if (!isRecord(content)) return answer["schema"];
  const found = Object.entries(content).find(([type]) => /json|\*\/\*/.test(type))?.[1];
  return isRecord(found) ? found["schema"] : undefined;
}

function readReference(document: unknown, value: unknown): Readonly<Record<string, unknown>> {
  return readSchema(document, value).more;
}

/** Swagger 2 gives what stands before all paths. */
function withBase({ basePath }: Readonly<Record<string, unknown>>, path: string): string {
  return typeof basePath === "string" ? basePath.replace(/\/$/, "") + path : path;
}
