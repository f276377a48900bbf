import { createHmac, timingSafeEqual } from "node:crypto";

/** A message's head. */
export interface JupyterHeader {
  /** Unique id. */
  readonly msg_id: string;
  /** What it is: `execute_request`, `stream`, ... */
  readonly msg_type: string;
}

/** One message of Jupyter's protocol, without its routing. */
export interface JupyterMessage {
  /** Its head. */
  readonly header: JupyterHeader;
  /** The head of the request that it answers; empty without one. */
  readonly parentHeader: Partial<JupyterHeader>;
  /** What it says, by its type. */
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = "<IDS|MSG>";

/**
 * A request as the frames that go over the wire, signed by HMAC-SHA256.
 *
 * @param type Type of the message: `execute_request`.
 * @param content What it says.
 * @param key The key that kernel and client share.
 * @param session Id of the client's session.
 * @returns The id of the message, and its frames.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export function encodeRequest(
  type: string,
  content: Readonly<Record<string, unknown>>,
  key: string,
  session: string,
): { readonly id: string; readonly frames: readonly Uint8Array[] } {
  const id = crypto.randomUUID();
  const header = {
    msg_id: id,
    msg_type: type,
    session,
    username: "torchgauge",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  const signature = sign(parts.map(encode), key);
  return { id, frames: [DELIMITER, signature, ...parts].map(encode) };
}

/**
 * What a kernel says.
 *
 * @param frames Frames of one message, routing included.
 * @param key The key that kernel and client share.
 * @returns The message.
 * @throws {TypeError} If it is no message, or was not signed by that key.
 */
export function decodeMessage(frames: readonly Uint8Array[], key: string): JupyterMessage {
  const at = frames.findIndex((frame) => decode(frame) === DELIMITER);
  const [signature, ...parts] = at === -1 ? [] : frames.slice(at + 1, at + 6);
  if (signature === undefined || parts.length < 4) {
    throw new TypeError(
      `Cannot read a message as it must have a signature and four parts: found ${frames.length} frames`,
    );
  }
  const expected = encode(sign(parts, key));
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) {
    throw new TypeError("Cannot read a message as it must be signed by the kernel's key: found another signature");
  }
  const [header, parentHeader, , content] = parts.map((part) => JSON.parse(decode(part)));
  return { header, parentHeader: parentHeader ?? {}, content };
}

function sign(parts: readonly Uint8Array[], key: string): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
