import { percentDecoded } from "../../core/untrusted/percent.ts";
import { isRecord } from "../shared/server_answer.ts";

/** A schema of JSON, with what it refers to put in its place. */
export interface Schema {
  /** `string`, `number`, `array`, ...; `null` where the document does not say. */
  readonly type: string | null;
  /** Fields of an object. */
  readonly properties: ReadonlyMap<string, unknown>;
  /** Names of the fields that must be there. */
  readonly required: ReadonlySet<string>;
  /** Schema of a list's elements. */
  readonly items: unknown;
  /** Values that the document gives for it, the best first. */
  readonly given: readonly unknown[];
  /** Whether it may hold some of few values. */
  readonly isChoice: boolean;
  /** Whether it is a file. */
  readonly isFile: boolean;
  /** What else stands in it. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** References that are followed one after another, since they may run in a circle. */
const MOST_REFERENCES = 32;

/**
 * Reads a schema of OpenAPI 3.0, 3.1 or Swagger 2.
 *
 * @param document What its references point into.
 * @param schema The schema; of several that may hold, the first is read, and null is left out.
 */
export function readSchema(document: unknown, schema: unknown): Schema {
  const more = merged(document, schema, MOST_REFERENCES);
  const types = [more["type"]].flat().filter((type): type is string => typeof type === "string" && type !== "null");
  const properties = isRecord(more["properties"]) ? Object.entries(more["properties"]) : [];
  const choices = Array.isArray(more["enum"]) ? more["enum"].filter((value) => value !== null) : [];
  const constant = "const" in more ? [more["const"]] : [];
  const type = types[0] ?? (properties.length > 0 ? "object" : more["items"] === undefined ? null : "array");
  return {
    type,
    properties: new Map(properties),
    required: new Set([more["required"]].flat().filter((name): name is string => typeof name === "string")),
    items: more["items"],
    given: [...constant, more["example"], ...examplesOf(more["examples"]), more["default"], ...choices].filter((
      value,
    ) => value !== undefined && value !== null),
    isChoice: choices.length + constant.length > 0,
    isFile: type === "file" ||
      type === "string" &&
        (more["format"] === "binary" ||
          more["contentMediaType"] !== undefined && more["contentEncoding"] === undefined),
    more,
  };
}

function examplesOf(examples: unknown): readonly unknown[] {
  if (Array.isArray(examples)) return examples;
  // Those of a media type are objects that hold the value.
  return isRecord(examples)
    ? Object.values(examples).flatMap((example) => isRecord(example) && "value" in example ? [example["value"]] : [])
    : [];
}

function merged(document: unknown, schema: unknown, left: number): Readonly<Record<string, unknown>> {
  if (!isRecord(schema) || left === 0) return {};
  const { $ref: reference, allOf, anyOf, oneOf, ...own } = schema;
  const alternatives = [anyOf ?? oneOf ?? []].flat().filter((one) => !(isRecord(one) && one["type"] === "null"));
  const parts = [
    ...typeof reference === "string" ? [atReference(document, reference)] : [],
    ...[allOf ?? []].flat(),
    ...alternatives.slice(0, 1),
  ].map((part) => merged(document, part, left - 1));
  const all = Object.assign({}, ...parts, own) as Record<string, unknown>;
  for (const name of ["properties", "required"]) {
    const found = [...parts, own].map((part) => part[name]).filter((value) => value !== undefined);
    if (found.length > 1) all[name] = name === "required" ? found.flat() : Object.assign({}, ...found);
  }
  return all;
}

/** What a reference within the document points at. */
function atReference(document: unknown, reference: string): unknown {
  if (!reference.startsWith("#/")) return {};
  return reference.slice(2).split("/").reduce<unknown>((value, part) => {
    const name = percentDecoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, document);
}
