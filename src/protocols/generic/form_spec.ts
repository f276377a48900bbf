import * as v from "valibot";
import { UsageError } from "../../core/errors.ts";
import { urlencoded } from "../../items/rewritten.ts";
import { isRecord } from "../shared/server_answer.ts";
import type { Form, FormField } from "./form.ts";
import { inText, parseTemplate } from "./template.ts";

const scalar = v.union([v.string(), v.number(), v.bigint(), v.boolean()]);
const part = v.union([
  scalar,
  v.strictObject({ value: scalar, filename: v.optional(v.string()), contentType: v.optional(v.string()) }),
]);

const values = v.union(
  [part, v.array(part)],
  'must be a text, a number, true, false, {"value": ..., "filename": ..., "contentType": ...} or a list of those',
);

/** What a description says of a form: values by the names of fields, and how it is written. */
export const formSchema = {
  form: v.optional(v.pipe(v.custom<object>(isRecord, "must be an object"), v.record(v.string(), values))),
  formType: v.optional(v.picklist(["multipart", "urlencoded"])),
};

type Part = v.InferOutput<typeof part>;

/**
 * Reads a form.
 *
 * @param fields Values by the names of fields; a list is a field several times, and an item in a list is one for each item of
 *     a batch.
 * @param type How it is written.
 * @param where What it belongs to, for messages.
 * @throws {UsageError} If it cannot be written so.
 */
export function parseForm(
  fields: Readonly<Record<string, Part | readonly Part[]>>,
  type: Form["type"] = "multipart",
  where: string,
): Form {
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    const parts = Array.isArray(value) ? value as readonly Part[] : [value as Part];
    return parts.map((part) =>
      parseField(name, part, Array.isArray(value), type, `the form field "${name}" of ${where}`)
    );
  });
  if (entries.length === 0) throw new UsageError(`Cannot use ${where} as a form must have a field: found none`);
  return { type, fields: entries };
}

function parseField(name: string, part: Part, isList: boolean, type: Form["type"], where: string): FormField {
  const { value: text, filename = null, contentType = null } = typeof part === "object" ? part : { value: part };
  if (type === "urlencoded" && (filename !== null || contentType !== null)) {
    throw new UsageError(
      `Cannot use ${where} as only multipart has file names and content types: formType is urlencoded`,
    );
  }
  if (/[\r\n]/.test(name + (filename ?? ""))) {
    throw new UsageError(`Cannot use ${where} as the names of fields and files must be on one line: it is not`);
  }
  if (contentType !== null && !/^[^\s/;]+\/[^\r\n]+$/.test(contentType)) {
    throw new UsageError(`Cannot use ${where} as its contentType must be like image/png: found "${contentType}"`);
  }
  const template = parseTemplate(String(text), where, type === "multipart" ? "plain" : "urlencoded");
  const isRepeated = isList &&
    template.parts.some((part) => "placeholder" in part && ["input", "bytes", "base64"].includes(part.placeholder));
  const parts = type === "multipart"
    ? template.parts
    : template.parts.map((part) => "placeholder" in part ? part : urlencoded({ bytes: part }).bytes);
  const value = parts.length > 1 ? inText({ parts }) : { parts };
  return { name, value, filename, contentType, isRepeated };
}
