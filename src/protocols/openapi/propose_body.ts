import type { JsonValue } from "../../core/model_input.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import { isRecord } from "../shared/server_answer.ts";
import { exampleOf } from "./example.ts";
import { isLikelyBase64, isListOfItems, itemField } from "./item_field.ts";
import type { Operation } from "./operation.ts";
import { readSchema, type Schema } from "./schema.ts";

/** A body as a description holds it. */
export interface ProposedBody {
  /** `bodyTemplate`, `form` or nothing, where the item is the body. */
  readonly body: Readonly<Record<string, JsonValue>>;
  /** Headers that it needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** Items to send; none where nobody can make them up. */
  readonly examples: readonly JsonValue[];
  /** Whether it holds several items. */
  readonly isBatch: boolean;
}

const FREE = "The document does not say what a body holds";
const INPUTS = option("inputs");

/**
 * Proposes the body of a request.
 *
 * @param document What references point into.
 * @param body What the document says of it.
 * @param notes Is told what was guessed, and what the document does not say.
 */
export function proposeBody(document: unknown, body: Operation["body"], notes: OptionWords[]): ProposedBody {
  if (body === null) return freeBody(notes);
  const { contentType, schema, examples } = body;
  // An example of the whole body stands before those of its schema.
  const given = isRecord(schema) && examples !== undefined
    ? { ...schema, examples: readSchema(document, { examples, example: exampleAlone(examples) }).given }
    : schema;
  if (/json|^\*\/\*$/.test(contentType)) return jsonBody(document, given, contentType, notes);
  if (/^multipart\/form-data/.test(contentType)) return formBody(document, given, "multipart", notes);
  if (/^application\/x-www-form-urlencoded/.test(contentType)) return formBody(document, given, "urlencoded", notes);
  notes.push(naming`A body is one item as it is, ${contentType}. Give some with ${INPUTS}.`);
  return {
    body: {},
    headers: /\*/.test(contentType) ? {} : { "content-type": contentType },
    examples: [],
    isBatch: false,
  };
}

/** That of OpenAPI 3 which is no list of named ones. */
function exampleAlone(examples: unknown): unknown {
  const isNamed = isRecord(examples) && Object.values(examples).every((one) => isRecord(one) && "value" in one);
  return isNamed || Array.isArray(examples) ? undefined : examples;
}

/** LitServe says nothing of its bodies where no type is given; the servers of its guides take {"input": ...}. */
function freeBody(notes: OptionWords[]): ProposedBody {
  notes.push(
    naming`${FREE}: {"input": ...} is guessed, as in LitServe's guides, and that a number stands in it. Give real items with ${INPUTS}.`,
  );
  return { body: { bodyTemplate: { input: "{{input}}" } }, headers: {}, examples: [1], isBatch: false };
}

function jsonBody(document: unknown, schema: unknown, contentType: string, notes: OptionWords[]): ProposedBody {
  const object = readSchema(document, schema);
  const headers: Record<string, string> = /^application\/json|\*/.test(contentType)
    ? {}
    : { "content-type": contentType };
  const field = object.properties.size > 0 ? itemField(document, object) : null;
  if (field === null) {
    if (object.type === null || object.type === "object" && object.given.length === 0) {
      if (object.properties.size === 0) return { ...freeBody(notes), headers };
    }
    const isBatch = isListOfItems(document, "", schema);
    const { value } = exampleOf(document, schema);
    const examples = isBatch && Array.isArray(value) ? value : [value as JsonValue];
    return { body: { bodyTemplate: isBatch ? "{{inputs}}" : "{{input}}" }, headers, examples, isBatch };
  }
  const { name, isList } = field;
  const { value, madeUp } = exampleOf(document, schema);
  const whole: Record<string, JsonValue> = isRecord(value) ? { ...value as Record<string, JsonValue> } : {};
  const item = whole[name] ?? exampleOf(document, field.schema).value;
  const isFile = [field.schema, readSchema(document, field.schema).items].some((schema) =>
    isLikelyBase64(name, readSchema(document, schema))
  );
  noteList(name, isList, notes);
  noteMadeUp(name, madeUp, isFile, notes);
  if (isFile) notes.push(naming`"${name}" is taken for a file in base64. Give files with ${INPUTS}.`);
  const template = { ...modelNames(object, whole, notes), [name]: isList ? "{{inputs}}" : "{{input}}" };
  const examples = isFile ? [] : isList && Array.isArray(item) ? item : [item];
  return { body: { bodyTemplate: template }, headers, examples: examples as JsonValue[], isBatch: isList };
}

function formBody(
  document: unknown,
  schema: unknown,
  type: "multipart" | "urlencoded",
  notes: OptionWords[],
): ProposedBody {
  const object = readSchema(document, schema);
  const field = itemField(document, object);
  const { value, madeUp } = exampleOf(document, schema);
  const values = isRecord(value) ? value as Record<string, JsonValue> : {};
  const form: Record<string, JsonValue> = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fieldText(value)]),
  );
  const formType = type === "urlencoded" ? { formType: type } : {};
  if (field === null) {
    notes.push(naming`${FREE}: name the field of the form that holds an item. Give some with ${INPUTS}.`);
    return { body: { ...formType, form: { ...form, input: "{{input}}" } }, headers: {}, examples: [], isBatch: false };
  }
  const own = readSchema(document, field.schema),
    { isFile: isFileList, type: itemType } = readSchema(document, own.items);
  const isFile = own.isFile || isFileList;
  // A field of a form may be there several times, and FastAPI takes that for a list.
  const isList = own.type === "array" && (isFileList || itemType === "string");
  for (const [name, other] of object.properties) {
    if (name === field.name || !readSchema(document, other).isFile || !(name in form)) continue;
    notes.push(`"${name}" is a second file, which cannot be made up: its value in the form must be yours.`);
  }
  noteList(field.name, isList, notes);
  noteMadeUp(field.name, madeUp, isFile, notes);
  if (isFile) notes.push(naming`"${field.name}" is a file. Give some with ${INPUTS}: one file, or a folder of them.`);
  const example = values[field.name] ?? exampleOf(document, field.schema).value;
  return {
    body: {
      ...formType,
      form: { ...modelNames(object, form, notes), [field.name]: isList ? ["{{input}}"] : "{{input}}" },
    },
    headers: {},
    examples: isFile ? [] : isList && Array.isArray(example) ? example as JsonValue[] : [example],
    isBatch: isList,
  };
}

/** What a field of a form holds: texts, and of everything else the JSON. */
function fieldText(value: JsonValue): JsonValue {
  return typeof value === "object" ? JSON.stringify(value) : value;
}

function noteList(name: string, isList: boolean, notes: OptionWords[]): void {
  if (isList) notes.push(`"${name}" is taken for a list of items, one prediction each.`);
}

function noteMadeUp(item: string, madeUp: readonly string[], isFile: boolean, notes: OptionWords[]): void {
  const ofItem = (pointer: string) => pointer === `/${item}` || pointer.startsWith(`/${item}/`);
  const others = madeUp.filter((pointer) => !ofItem(pointer));
  if (others.length > 0) notes.push(`Made up, as the document gives no example: ${others.join(", ")}.`);
  if (!isFile && madeUp.some(ofItem)) {
    notes.push(naming`The example of "${item}" is made up. Give real items with ${INPUTS}.`);
  }
}

/** A field that names the model, where the document does not say what it is called. */
function modelNames(
  { properties }: Schema,
  values: Readonly<Record<string, JsonValue>>,
  notes: OptionWords[],
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = properties.get(name);
      const isNamed = isRecord(field) &&
        ("default" in field || "example" in field || "examples" in field || "enum" in field ||
          "const" in field);
      if (!/^model(_name|_id)?$/.test(name) || typeof value !== "string" || isNamed) return [name, value];
      notes.push(naming`"${name}" holds the model's name. Give it with ${option("model")}.`);
      return [name, "{{model}}"];
    }),
  );
}
