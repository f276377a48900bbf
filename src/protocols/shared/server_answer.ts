import { ExchangeError, TargetError } from "../../core/errors.ts";
import { holdsMoreThan, isNestedDeeper, MOST_IN_JSON } from "../../core/untrusted/nesting.ts";
import { shownPath } from "../../core/request/secret_name.ts";
import type { Call, CallOptions, WireRequest, WireResponse } from "../../core/transport.ts";
import { isUnauthorized, WANTS_AUTHENTICATION } from "./authentication.ts";
import { isNotReady, WAIT_HINT } from "./not_ready.ts";

const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });
/** What a decoder writes for bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";
const encoder = new TextEncoder();
/** Longest text of a server that is put into a message. */
const LONGEST_WORDS = 200;
/** How much of a page is looked at for its title, bytes. */
const MOST_OF_PAGE_BYTES = 4096;
/** How the words begin of an answer that is a page in HTML. */
export const HTML_PAGE = "an HTML page";

/** One answer of a server, read as JSON where it is JSON. */
export interface ServerAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The value, or `undefined` if the body is not JSON. */
  readonly value: unknown;
  /** The server's own words about what went wrong, or the beginning of what it sent; of a redirect where it leads. */
  readonly words: string;
  /** Headers by lower-case name. */
  readonly headers: WireResponse["headers"];
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether what stands where errors do is one: servers leave it out, or say null, false, 0, an empty text, list or object. */
export function isError(told: unknown): boolean {
  return typeof told === "object" && told !== null ? Object.keys(told).length > 0 : Boolean(told);
}

/** The number, or `null` if the value is not a finite one. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The number, also of a text, as JSON writers of 64-bit integers write it; of all else NaN. */
export function numberOrNaN(value: unknown): number {
  return typeof value === "number" || typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
}

/** The text, or `null` if the value is none or empty. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The body as JSON, or `undefined` if it is not JSON in UTF-8, or holds more than any answer does. */
export function parseBody(body: Uint8Array): unknown {
  if (holdsMoreThan(body)) return undefined;
  try {
    const text = decoder.decode(body);
    // A strict decoder takes seven times as long: it is asked only where the text may hold what is not UTF-8.
    return JSON.parse(text.includes(REPLACEMENT) ? strictDecoder.decode(body) : text);
  } catch {
    return undefined;
  }
}

/**
 * The server's own words: its `error`, `detail` or `message`, else the title of a page, else the beginning of the
 * body on one line, behind why it cannot be read where that does not show.
 *
 * @param value The body as JSON, `undefined` if it is not JSON.
 * @param body The body.
 */
export function serverWords(value: unknown, body: Uint8Array): string {
  const named = isRecord(value) ? value["error"] ?? value["detail"] ?? value["message"] : undefined;
  const words = typeof named === "string"
    ? named
    : isRecord(named) && typeof named["message"] === "string"
    ? named["message"]
    : named !== undefined && named !== null
    ? jsonOf(named)
    : pageWords(body) ?? `${value === undefined ? flawInWords(body) : ""}${beginningOf(body)}`;
  return shortened(words);
}

/** What the beginning of a body that is not JSON does not show. */
function flawInWords(body: Uint8Array): string {
  if (holdsMoreThan(body)) return `it holds more than ${MOST_IN_JSON} lists and objects: `;
  return decoder.decode(body).includes(REPLACEMENT) && !isUtf8(body) ? "it is not UTF-8: " : "";
}

function isUtf8(body: Uint8Array): boolean {
  try {
    strictDecoder.decode(body);
    return true;
  } catch {
    return false;
  }
}

function beginningOf(body: Uint8Array): string {
  return decoder.decode(body.subarray(0, 4 * LONGEST_WORDS));
}

/** What a page in HTML calls itself: its markup tells people nothing. `null` where the body is none. */
function pageWords(body: Uint8Array): string | null {
  const text = decoder.decode(body.subarray(0, MOST_OF_PAGE_BYTES));
  if (!/^\s*<(?:!doctype html|html|head|body)\b/i.test(text)) return null;
  const [, title = ""] = /<(?:title|h1)[^>]*>([^<]*)</i.exec(text) ?? [];
  return title.trim() === "" ? HTML_PAGE : `${HTML_PAGE} "${title.trim()}"`;
}

/** JSON, or what it is where it is nested too deeply for that. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return String(Object.prototype.toString.call(value));
  }
}

/** Any text on one line, cut where it is too long for a message. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}...` : line;
}

/** Reads an answer; one that is nested deeper than any of a server's is none. */
export function readAnswer(response: WireResponse): ServerAnswer {
  const parsed = parseBody(response.body);
  const value = isNestedDeeper(parsed) ? undefined : parsed;
  const { status, headers, body } = response;
  return {
    status,
    headers,
    value,
    words: isRedirect(status) ? redirectWords(headers["location"]) : serverWords(value, body),
  };
}

/** A request for JSON, with a JSON body where one is given. */
export function jsonRequest(method: WireRequest["method"], path: string, body?: unknown): WireRequest {
  const accept = ["accept", "application/json"];
  return body === undefined ? { method, path, headers: accept, body: null } : {
    method,
    path,
    headers: [...accept, "content-type", "application/json"],
    body: encoder.encode(JSON.stringify(body)),
  };
}

/**
 * Sends a request and reads the answer, whatever its status.
 *
 * @param call Carries it.
 * @param request What to send.
 * @param what What it is for, as in "list the models": the beginning of the message.
 * @throws {TargetError} If no complete answer came.
 */
export async function ask(
  call: Call,
  request: WireRequest,
  what: string,
  options: CallOptions = {},
): Promise<ServerAnswer> {
  try {
    return readAnswer(await call(request, options));
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    throw new TargetError(`Cannot ${what} as the server must answer: ${error.message}`, { cause: error });
  }
}

/**
 * Sends a request that must be answered with status 2xx and a JSON object.
 *
 * @throws {TargetError} If it is answered otherwise or not at all.
 */
export async function askForObject(
  call: Call,
  request: WireRequest,
  what: string,
  options: CallOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  return objectOf(await ask(call, request, what, options), request, what);
}

/**
 * What an answer holds that must be of status 2xx and a JSON object.
 *
 * @throws {TargetError} If it is another.
 */
export function objectOf(answer: ServerAnswer, request: WireRequest, what: string): Readonly<Record<string, unknown>> {
  if (!succeeded(answer) || !isRecord(answer.value)) throw unexpected(answer, request, what);
  return answer.value;
}

/** Whether the status is 2xx. */
export function succeeded(answer: { readonly status: number }): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/**
 * What is told of an answer whose status is not 2xx: the status with the server's own words, or where it redirects to.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { statusWords } from "./server_answer.ts";
 * const body = new TextEncoder().encode('{"error":"shape [1] is wrong"}');
 * assertEquals(statusWords({ status: 400, headers: {}, body }), "status 400: shape [1] is wrong");
 * ```
 *
 * @param response The answer.
 */
export function statusWords(response: WireResponse): string {
  const { status, words } = readAnswer(response);
  return inStatus({ status, words: isRedirect(status) ? `${words}, which is not followed` : words });
}

/** A status, with words where there are any. */
export function inStatus({ status, words }: Pick<ServerAnswer, "status" | "words">): string {
  return words === "" ? `status ${status}` : `status ${status}: ${words}`;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** What is told of where an answer leads. */
export function redirectWords(location: string | null = null): string {
  return `a redirect to ${location ?? "nowhere"}`;
}

/** The error for an answer that is not the one required. */
export function unexpected(
  answer: ServerAnswer,
  request: WireRequest,
  what: string,
  required: string = succeeded(answer) ? "answer with a JSON object" : "succeed",
): TargetError {
  return new TargetError(
    `Cannot ${what} as ${request.method} ${shownPath(request.path)} must ${required}: found status ${answer.status}` +
      (answer.words === "" ? "" : `, "${answer.words}"`),
    isUnauthorized(answer) ? WANTS_AUTHENTICATION : isNotReady(answer) ? { hint: WAIT_HINT } : {},
  );
}
