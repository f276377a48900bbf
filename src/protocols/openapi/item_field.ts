import { readSchema, type Schema } from "./schema.ts";

/** By what servers call what they predict on, the surest first. */
const NAMES = [
  /^(inputs?|instances)$/,
  /^(text|prompt|sentence|query|question|image|img|picture|photo|audio|file|document)s?$/,
  /^queries$|^messages$|^(input_)?(texts?|ids|image|tokens|data)$|^(image|text|prompt|audio|file)_/,
  /^(features?|data|x|values|samples|records|items|content|passages|payload|vector|array|signal)$/,
  /input|text|prompt|image|img|audio|sentence|feature|file/,
];
/** By what they call lists that are one item. */
const ONE_ITEM =
  /^(messages|history|conversation|(input_)?(ids|tokens)|words|image|img|audio|signal|vector|matrix|mask)$|_ids$/;
/** By what they call images and other files that stand in JSON as a text. */
const FILE_NAME = /image|img|picture|photo|audio|base64|b64|(^|_)file(_|$)/;

/** The field that holds what is predicted on. */
export interface ItemField {
  /** Its name. */
  readonly name: string;
  /** Its schema. */
  readonly schema: unknown;
  /** Whether it is a list of items, instead of one. */
  readonly isList: boolean;
}

/**
 * Which field of an object holds the items, guessed from names and types.
 *
 * @param document What references point into.
 * @param object The object's schema.
 * @returns `null` where it has no field that could.
 */
export function itemField(document: unknown, { properties, required }: Schema): ItemField | null {
  const ranked = [...properties].map(([name, field]) => {
    const schema = readSchema(document, field);
    const byName = NAMES.findIndex((pattern) => pattern.test(name.toLowerCase()));
    const isSetting = schema.isChoice || schema.type === "boolean" || /(^|_)url$|^model/.test(name);
    const isNumber = schema.type === "number" || schema.type === "integer";
    const rank = (schema.isFile ? -10 : 0) + (byName === -1 ? NAMES.length : byName) + (required.has(name) ? 0 : 2) +
      (isNumber ? 2 : 0) + (isSetting ? 100 : 0);
    return { name, schema: field, rank };
  });
  const best = ranked.sort((a, b) => a.rank - b.rank)[0];
  if (best === undefined || best.rank >= 100) return null;
  return { name: best.name, schema: best.schema, isList: isListOfItems(document, best.name, best.schema) };
}

/**
 * Whether a list holds items, instead of being one.
 *
 * @param name What it is called; `""` where it has no name.
 */
export function isListOfItems(document: unknown, name: string, schema: unknown): boolean {
  const { type, items } = readSchema(document, schema);
  if (type !== "array" || ONE_ITEM.test(name.toLowerCase())) return false;
  return ["string", "object", "array", "file"].includes(readSchema(document, items).type ?? "");
}

/** Whether a text is likely a file in base64. */
export function isLikelyBase64(name: string, { type, more }: Schema): boolean {
  return type === "string" && (more["contentEncoding"] === "base64" || more["format"] === "byte" ||
    more["format"] === "base64" ||
    FILE_NAME.test(name.toLowerCase()) && !/url|path|name|type/.test(name.toLowerCase()));
}
