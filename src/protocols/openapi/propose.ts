import { TargetError, UsageError } from "../../core/errors.ts";
import type { JsonValue } from "../../core/model_input.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { isRecord } from "../shared/server_answer.ts";
import { answerPointer } from "./answer_pointer.ts";
import { exampleOf } from "./example.ts";
import { isLikely, type Operation, operationsOf } from "./operation.ts";
import { proposeBody } from "./propose_body.ts";
import { readSchema } from "./schema.ts";

/** A description of a server, made from what it says of itself. */
export interface Proposal {
  /** What `parseGenericSpec` takes. */
  readonly description: Readonly<Record<string, JsonValue>>;
  /** What was chosen or guessed, and what the document does not say: one sentence each. */
  readonly notes: readonly OptionWords[];
}

const HEALTH = ["/health", "/healthz", "/readyz", "/ready", "/livez", "/health/ready", "/ping", "/"];

/**
 * Proposes the description of a server from its OpenAPI document: of the request that most likely asks for predictions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { proposeDescription } from "./propose.ts";
 * const schema = { type: "object", properties: { text: { type: "string", example: "Hello" } } };
 * const post = { requestBody: { content: { "application/json": { schema } } } };
 * assertEquals(proposeDescription({ paths: { "/predict": { post } } }).description, {
 *   predict: { path: "/predict", bodyTemplate: { text: "{{input}}" } },
 *   examples: ["Hello"],
 * });
 * ```
 *
 * @param document OpenAPI 3 or Swagger 2, as FastAPI, BentoML and LitServe answer it.
 * @param path Path of the request. @default {the likeliest one}
 * @throws {TargetError} If the document has no request with a body.
 * @throws {UsageError} If it has none of that path.
 */
export function proposeDescription(document: unknown, path?: string): Proposal {
  const operations = isRecord(document) ? operationsOf(document) : [];
  const [operation, choice] = choose(operations, path);
  const notes = [...choice];
  const [target, headers] = filledPath(document, operation, notes);
  const body = proposeBody(document, operation.body, notes);
  const predictions = answerPointer(document, operation.answer, body.isBatch);
  if (predictions === null) {
    notes.push(
      `The document does not say where an answer holds the predictions, so that every answer of status 2xx counts as ` +
        `${body.isBatch ? "one for each item" : "one"}: add "predictions": "/..." to have them looked at.`,
    );
  }
  const health = HEALTH.find((path) => isRecord(document) && hasGet(document, path));
  const method = operation.method === "POST" ? {} : { method: operation.method };
  const allHeaders = { ...headers, ...body.headers };
  return {
    description: {
      predict: {
        ...method,
        path: target,
        ...Object.keys(allHeaders).length === 0 ? {} : { headers: allHeaders },
        ...body.body,
      },
      ...predictions === null ? {} : { predictions },
      ...health === undefined ? {} : { health: { path: health } },
      ...body.examples.length === 0 ? {} : { examples: body.examples },
    },
    notes,
  };
}

function choose(operations: readonly Operation[], path: string | undefined): [Operation, readonly OptionWords[]] {
  const paths = [...new Set(operations.map(({ path }) => path))];
  const [first] = operations;
  if (first === undefined) {
    throw new TargetError(
      "Cannot propose a description as the server's document must have a POST request: it has none",
    );
  }
  if (path !== undefined) {
    const found = operations.find((operation) => operation.path === path);
    if (found !== undefined) return [found, []];
    throw new UsageError(`Cannot propose a description of "${path}" as it must be one of ${paths.join(", ")}`);
  }
  if (paths.length === 1) return [first, isLikely(first) ? [] : [`${first.path} is the only request with a body.`]];
  const others = paths.filter((path) => path !== first.path).join(", ");
  const why = isLikely(first) ? "the likeliest by its name" : "the first, as no name tells which one predicts";
  return [first, [naming`Taken is ${first.path}, ${why}. Others, for ${option("path")}: ${others}`]];
}

/** The path with what must stand in it and behind it, and the headers that must be there. */
function filledPath(
  document: unknown,
  { path, parameters }: Operation,
  notes: OptionWords[],
): [string, Readonly<Record<string, string>>] {
  const valueOf = (parameter: Readonly<Record<string, unknown>> | undefined) => {
    const given = parameter === undefined
      ? {}
      : { ...parameter, ...isRecord(parameter["schema"]) ? parameter["schema"] : {} };
    const { value, madeUp } = exampleOf(document, { ...given, required: undefined, in: undefined });
    return { text: typeof value === "string" ? value : JSON.stringify(value), isMadeUp: madeUp.length > 0 };
  };
  const named = (place: string, name: string) => parameters.find((one) => one["in"] === place && one["name"] === name);
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    if (/model/i.test(name)) {
      notes.push(naming`The path holds the model's name. Give it with ${option("model")}.`);
      return "{{model}}";
    }
    const { text, isMadeUp } = valueOf(named("path", name));
    if (isMadeUp) notes.push(`"${text}" for {${name}} of the path is made up.`);
    return percentEncoded(text);
  });
  const required = parameters.filter((parameter) =>
    parameter["required"] === true && typeof parameter["name"] === "string"
  );
  const values = (place: string) =>
    required.filter((parameter) => parameter["in"] === place).map((parameter) => {
      const { text, isMadeUp } = valueOf(parameter);
      if (isMadeUp) notes.push(`"${text}" for ${place} ${parameter["name"]} is made up.`);
      return [parameter["name"] as string, text] as const;
    });
  const query = values("query").map(([name, text]) => `${percentEncoded(name)}=${percentEncoded(text)}`);
  return [query.length === 0 ? filled : `${filled}?${query.join("&")}`, Object.fromEntries(values("header"))];
}

function hasGet(document: Readonly<Record<string, unknown>>, path: string): boolean {
  const item = isRecord(document["paths"]) ? document["paths"][path] : undefined;
  if (!isRecord(item) || !isRecord(item["get"])) return false;
  const parameters = [item["get"]["parameters"] ?? []].flat();
  return !parameters.some((parameter) => readSchema(document, parameter).more["required"] === true);
}
