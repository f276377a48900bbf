import type { ModelInput } from "../../core/model_input.ts";
import { BodyParts } from "../../items/body_parts.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import { wholeBody } from "../../core/wire_body.ts";
import { freeBoundary } from "./boundary.ts";
import { fillTemplate, type Placeholder, type Template, usesPlaceholder } from "./template.ts";

/** One field of a form. */
export interface FormField {
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: Template;
  /** Name of the file; `null` where only an item that is bytes makes it a file. */
  readonly filename: string | null;
  /** Its content type; `null` for that of the item in files, none in others. */
  readonly contentType: string | null;
  /** Whether it is repeated for each item of a batch. */
  readonly isRepeated: boolean;
}

/** A form as a body. */
export interface Form {
  /** How it is written. */
  readonly type: "multipart" | "urlencoded";
  /** In their order. */
  readonly fields: readonly FormField[];
}

/** Content type of a form that is urlencoded. */
export const URLENCODED = "application/x-www-form-urlencoded";

/** Whether a form holds all items of a batch. */
export function formTakesBatches({ fields }: Form): boolean {
  return fields.some(({ isRepeated, value }) => isRepeated || usesPlaceholder(value, "inputs"));
}

/**
 * Fills a form in for a batch.
 *
 * @param form The form.
 * @param model Name of the model.
 * @param inputs The items.
 * @returns Its content type, and the body, which shares the items.
 */
export function fillForm(
  form: Form,
  model: string,
  inputs: readonly ModelInput[],
): Pick<EncodedRequest, "body" | "markers"> & { readonly contentType: string } {
  const body = new BodyParts();
  const parts = form.fields.flatMap((field) => partsOf(field, form.type, inputs));
  if (form.type === "urlencoded") {
    for (const [i, { field, inputs, first }] of parts.entries()) {
      body.text(`${i === 0 ? "" : "&"}${urlencodedText(field.name)}=`);
      fillTemplate(body, field.value, model, inputs, first);
    }
    return { contentType: URLENCODED, ...body.encoded() };
  }
  const values = parts.map(({ field, inputs }) =>
    fillTemplate(new BodyParts(), field.value, model, inputs).encoded().body
  );
  const boundary = freeBoundary(values.map((value) => value.length === 1 ? value[0]! : wholeBody(value)));
  for (const { field, inputs, number, first } of parts) {
    body.text(`--${boundary}\r\n${partHead(field, inputs[0], number)}\r\n\r\n`);
    fillTemplate(body, field.value, model, inputs, first).text("\r\n");
  }
  return { contentType: `multipart/form-data; boundary=${boundary}`, ...body.text(`--${boundary}--\r\n`).encoded() };
}

/** What a field is sent as; one that is repeated is numbered from 1. */
interface Part {
  readonly field: FormField;
  readonly inputs: readonly ModelInput[];
  readonly number: number;
  /** Which item of the request is its first. */
  readonly first: number;
}

function partsOf(field: FormField, type: Form["type"], inputs: readonly ModelInput[]): Part[] {
  // Files stand in no list of JSON.
  const areFiles = type === "multipart" && isOnly(field.value, "inputs") && inputs.some(({ kind }) => kind === "bytes");
  if (!field.isRepeated && !areFiles) return [{ field, inputs, number: 0, first: 0 }];
  const repeated = areFiles ? { ...field, value: ITEM } : field;
  return inputs.map((input, i) => ({ field: repeated, inputs: [input], number: i + 1, first: i }));
}

const ITEM: Template = { parts: [{ placeholder: "input", writing: "plain" }] };

/** Escaped by RFC 2045, which more readers of forms understand than the %22 of browsers. */
const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

function partHead(
  { name, value, filename, contentType }: FormField,
  input: ModelInput | undefined,
  number: number,
): string {
  const bytes = input?.kind === "bytes" && isOnly(value, "input", "bytes") ? input : null;
  const type = contentType ?? (bytes !== null ? bytes.contentType : filename !== null ? fileType(value, input) : null);
  const file = filename ?? (bytes === null ? null : defaultName(bytes.contentType, number));
  return `Content-Disposition: form-data; name=${quoted(name)}${file === null ? "" : `; filename=${quoted(file)}`}` +
    (type === null ? "" : `\r\nContent-Type: ${type}`);
}

/** Whether a value is one of some placeholders, and nothing else. */
function isOnly({ parts }: Template, ...names: readonly Placeholder[]): boolean {
  const [only, ...more] = parts;
  return more.length === 0 && only !== undefined && "placeholder" in only && names.includes(only.placeholder);
}

function fileType(value: Template, input: ModelInput | undefined): string {
  if (usesPlaceholder(value, "inputs")) return "application/json";
  const isJson = isOnly(value, "input", "bytes") && input !== undefined && input.kind !== "text";
  return isJson ? "application/json" : "text/plain;charset=utf-8";
}

const ENDINGS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/bmp": "bmp",
  "image/tiff": "tiff",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/flac": "flac",
  "audio/ogg": "ogg",
  "video/mp4": "mp4",
  "application/pdf": "pdf",
};

function defaultName(contentType: string, number: number): string {
  return `input${number > 1 ? `-${number}` : ""}.${ENDINGS[contentType] ?? "bin"}`;
}

const urlencodedText = (text: string) => new URLSearchParams([[text, ""]]).toString().slice(0, -1);
