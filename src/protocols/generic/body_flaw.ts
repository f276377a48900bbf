import { indexOfBytes } from "./boundary.ts";

const utf8 = new TextEncoder();
const CRLF = utf8.encode("\r\n");
const HEAD_END = utf8.encode("\r\n\r\n");
const SHOWN = 40;

/** What a body must be, by its content type. */
export type BodyKind =
  | { readonly kind: "json" | "json-lines" | "urlencoded" | "other" }
  | { readonly kind: "multipart"; readonly boundary: string | null };

/**
 * What a content type says of a body.
 *
 * @param contentType As in the header.
 */
export function bodyKind(contentType: string): BodyKind {
  if (/^\s*multipart\//i.test(contentType)) {
    const found = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType);
    return { kind: "multipart", boundary: (found?.[1] ?? found?.[2]) || null };
  }
  if (/^\s*application\/x-www-form-urlencoded/i.test(contentType)) return { kind: "urlencoded" };
  if (/^[^;]*(jsonl|json-?lines|json-seq|ndjson)/i.test(contentType)) return { kind: "json-lines" };
  return { kind: /^[^;]*json/i.test(contentType) ? "json" : "other" };
}

/**
 * Why a body is not what its content type says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bodyFlaw, bodyKind } from "./body_flaw.ts";
 * const flaw = (text: string) => bodyFlaw(bodyKind("application/json"), new TextEncoder().encode(text));
 * assertEquals(flaw("[1, 2]"), null);
 * assertEquals(flaw('[1, "a"b"]'), `it must be JSON once it is filled in: Expected ',' or ']' after array element behind [1, "a"`);
 * ```
 *
 * @param kind What it must be.
 * @param body The body.
 * @returns What it must be and what was found, or `null`.
 */
export function bodyFlaw(kind: BodyKind, body: Uint8Array): string | null {
  if (kind.kind === "json" || kind.kind === "json-lines") return jsonFlaw(body, kind.kind === "json-lines");
  if (kind.kind !== "multipart") return null;
  return kind.boundary === null
    ? "its content type must name the boundary: found none"
    : multipartFlaw(body, kind.boundary);
}

function jsonFlaw(body: Uint8Array, hasLines: boolean): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return "it must be JSON once it is filled in: found bytes that are no text";
  }
  if (!hasLines) return textFlaw(text);
  const lines = text.split("\n").map(withoutSeparator).filter((line) => line.trim() !== "");
  const flaw = lines.map(textFlaw).find((found) => found !== null) ?? null;
  return flaw === null ? null : `each of its lines must be JSON by its content type, and ${flaw}`;
}

/** A sequence of JSON has one in front of each (RFC 7464). */
const withoutSeparator = (line: string) => line.startsWith("\u001e") ? line.slice(1) : line;

function textFlaw(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    // The engine's words hold the beginning of the text, and its position where it knows that.
    const what = message.replace(/(, (\.\.\.)?"| in JSON at position)[^]*$/, "");
    const before = position === undefined ? "" : text.slice(Math.max(0, Number(position) - SHOWN), Number(position));
    return `it must be JSON once it is filled in: ${what}${before === "" ? "" : ` behind ${before}`}`;
  }
}

/** By RFC 2046, 5.1. */
function multipartFlaw(body: Uint8Array, boundary: string): string | null {
  const delimiter = utf8.encode(`--${boundary}`);
  const wanted = "it must be parts between boundaries once it is filled in";
  if (indexOfBytes(body.subarray(0, delimiter.length), delimiter) !== 0) {
    return `${wanted}: it does not begin with --${boundary}`;
  }
  for (let at = delimiter.length, part = 1;; part++) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return null;
    if (!startsWith(body, CRLF, at)) return `${wanted}: part ${part} has no line end (\\r\\n) behind its boundary`;
    const next = indexOfBytes(body, utf8.encode(`\r\n--${boundary}`), at + CRLF.length);
    if (next === -1) return `${wanted}: no \\r\\n--${boundary}-- stands at its end`;
    const head = indexOfBytes(body.subarray(at, next + CRLF.length), HEAD_END);
    const text = head === -1 ? "" : new TextDecoder().decode(body.subarray(at, at + head));
    if (!/^content-disposition:.*\bname=/im.test(text)) {
      return `${wanted}: part ${part} has no Content-Disposition with a name before an empty line`;
    }
    at = next + CRLF.length + delimiter.length;
  }
}

function startsWith(body: Uint8Array, wanted: Uint8Array, at: number): boolean {
  return wanted.every((byte, i) => body[at + i] === byte);
}
