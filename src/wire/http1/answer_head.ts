/** Bytes that are no HTTP/1.1 answer. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

/** How the end of a body is found (RFC 9112, 6.3). */
export type BodyFraming = "none" | "length" | "chunked" | "until-close";

/** The head of a final answer. */
export interface AnswerHead {
  /** Status code, 200 or more. */
  readonly status: number;
  /** Fields by lower-case name; what came several times is one list. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the end of the body is found. */
  readonly framing: BodyFraming;
  /** Length of the body where it is framed by its length, bytes; else 0. */
  readonly bodyBytes: number;
  /** Whether the connection may be used again. */
  readonly keepsAlive: boolean;
}

/** Most fields of a head, or behind a body. */
export const MAX_FIELDS = 256;

/** Digits of a content-length: more than a number holds exactly, or than a body can have. */
const MAX_LENGTH_DIGITS = 15;

/** Bytes that frame messages. */
/**
 * Whether the bytes of a connection go on with an interim answer (1xx): what comes with it is not the answer's first byte.
 *
 * @param bytes A head, from its beginning.
 */
export function isInterim(bytes: Uint8Array): boolean {
  return bytes[STATUS_PLACE] === DIGIT_ONE;
}

const STATUS_PLACE = "HTTP/1.1 ".length, DIGIT_ONE = 49;

export const CR = 13, LF = 10, SPACE = 32, TAB = 9;
const COLON = 58, ZERO = 48;

const TOKEN = 1, TEXT = 2;
/** What each byte may be part of: a token (RFC 9110, 5.6.2), the text of a value or of a reason (5.5). */
const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (byte === TAB || byte >= SPACE && byte !== 127) CLASS[byte] = TEXT;
}
for (const letter of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  CLASS[letter.charCodeAt(0)] = TOKEN | TEXT;
}

/** Whether a byte may stand in a field's value. */
export function isText(byte: number): boolean {
  return (CLASS[byte]! & TEXT) !== 0;
}

/**
 * Reads the head of one answer.
 *
 * @param bytes Begins with the head and the empty line behind it, whose lines all end with CR LF.
 * @param text The head, decoded as latin1.
 * @returns The head, or `null` for an interim one (1xx), behind which another comes.
 * @throws {MalformedAnswer} If it is no head, or its framing is not certain.
 */
export function parseAnswerHead(bytes: Uint8Array, text: string): AnswerHead | null {
  const minor = digitOf(bytes[7]!);
  if (!text.startsWith("HTTP/1.") || !(minor <= 1) || bytes[8] !== SPACE) {
    throw new MalformedAnswer("it does not begin with HTTP/1.1 or HTTP/1.0");
  }
  const status = digitOf(bytes[9]!) * 100 + digitOf(bytes[10]!) * 10 + digitOf(bytes[11]!);
  let at = 12;
  // The blank belongs there even without a reason, but servers leave it out with it.
  if (Number.isNaN(status) || bytes[at] !== SPACE && bytes[at] !== CR) {
    throw new MalformedAnswer("its status is no number");
  }
  while (isText(bytes[at]!)) at++;
  if (bytes[at] !== CR) throw new MalformedAnswer("its first line holds a control character");
  if (status < 100) throw new MalformedAnswer("its status is below 100");
  const headers = parseFields(bytes, text, at + 2);
  if (status === 101) throw new MalformedAnswer("it changes the protocol unasked");
  if (status < 200) {
    if (isFramed(headers)) throw new MalformedAnswer("an interim answer says that it has a body");
    return null;
  }
  return framed(status, minor, headers);
}

/** An object without inherited properties. A class makes it several times as fast as `Object.create(null)` does. */
class Fields {
  [name: string]: string;
  static {
    Object.setPrototypeOf(this.prototype, null);
    delete (this.prototype as { constructor?: unknown }).constructor;
  }
}

/**
 * Reads fields, one a line (RFC 9112, 5).
 *
 * @param bytes Lines that end with CR LF, with an empty one at the end.
 * @param text The same, decoded as latin1.
 * @param at Where the first begins.
 * @returns Values by lower-case name; of an object without a prototype, since a server chooses the names.
 * @throws {MalformedAnswer} If a line is no field, or there are too many.
 */
export function parseFields(bytes: Uint8Array, text: string, at: number): Record<string, string> {
  const fields: Record<string, string> = new Fields();
  for (let count = 0; bytes[at] !== CR; count++) {
    if (count === MAX_FIELDS) throw new MalformedAnswer(`it has more than ${MAX_FIELDS} header fields`);
    const nameAt = at;
    while ((CLASS[bytes[at]!]! & TOKEN) !== 0) at++;
    if (at === nameAt || bytes[at] !== COLON) {
      const folded = bytes[nameAt] === SPACE || bytes[nameAt] === TAB;
      throw new MalformedAnswer(
        folded ? "a header field goes on in the next line" : "a header field has no valid name",
      );
    }
    const name = text.slice(nameAt, at++).toLowerCase();
    while (bytes[at] === SPACE || bytes[at] === TAB) at++;
    const valueAt = at;
    while (isText(bytes[at]!)) at++;
    if (bytes[at] !== CR) throw new MalformedAnswer(`the header field "${name}" holds a control character`);
    let end = at;
    while (end > valueAt && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
    const value = text.slice(valueAt, end);
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (name === "content-length") throw new MalformedAnswer("it has several content-lengths");
    else fields[name] = `${before}, ${value}`;
    at += 2;
  }
  return fields;
}

/** Whether fields say how long a body is. */
export function isFramed(fields: Readonly<Record<string, string>>): boolean {
  return fields["content-length"] !== undefined || fields["transfer-encoding"] !== undefined;
}

/** Finds the end of the body (RFC 9112, 6.3). What two readers could understand in two ways is refused. */
function framed(status: number, minor: number, headers: Readonly<Record<string, string>>): AnswerHead {
  const keepsAlive = persists(minor, headers["connection"]);
  const coding = headers["transfer-encoding"], length = headers["content-length"];
  if (coding !== undefined) {
    if (length !== undefined) throw new MalformedAnswer("it has both a content-length and a transfer-encoding");
    if (minor === 0) throw new MalformedAnswer("it has a transfer-encoding in HTTP/1.0");
    if (coding.toLowerCase() !== "chunked") throw new MalformedAnswer("its transfer-encoding is not chunked");
  }
  const bodyBytes = length === undefined ? 0 : lengthOf(length);
  const bodiless = status === 204 || status === 304;
  if (bodiless) return { status, headers, framing: "none", bodyBytes: 0, keepsAlive };
  if (coding !== undefined) return { status, headers, framing: "chunked", bodyBytes: 0, keepsAlive };
  if (length === undefined) return { status, headers, framing: "until-close", bodyBytes: 0, keepsAlive: false };
  return { status, headers, framing: bodyBytes === 0 ? "none" : "length", bodyBytes, keepsAlive };
}

function lengthOf(value: string): number {
  if (value.length > MAX_LENGTH_DIGITS) throw new MalformedAnswer("its content-length has too many digits");
  let length = value === "" ? NaN : 0;
  for (let i = 0; i < value.length; i++) length = length * 10 + digitOf(value.charCodeAt(i));
  if (Number.isNaN(length)) throw new MalformedAnswer("its content-length is no whole number");
  return length;
}

/** Whether the server keeps the connection open (RFC 9112, 9.3). */
function persists(minor: number, connection: string | undefined): boolean {
  if (connection === undefined) return minor === 1;
  if (connection === "keep-alive") return true;
  const options = connection.toLowerCase().split(",").map((option) => option.trim());
  return !options.includes("close") && (minor === 1 || options.includes("keep-alive"));
}

/** The value of a decimal digit, or `NaN`. */
function digitOf(byte: number): number {
  return byte >= ZERO && byte <= ZERO + 9 ? byte - ZERO : NaN;
}
