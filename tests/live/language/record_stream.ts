import { concatenate } from "../../../src/core/concatenate.ts";

/** An answer as its bytes came. */
export interface RecordedStream {
  /** What is special about it. */
  readonly note: string;
  readonly request: string;
  /** Request body. */
  readonly sent?: unknown;
  readonly status: number;
  readonly contentType: string;
  /** What each read of the socket brought of the body, and when, ms since the request was sent. */
  readonly pieces: readonly (readonly [atMs: number, text: string])[];
}

/** What is asked. */
export interface AskedStream extends Pick<RecordedStream, "note" | "request" | "sent"> {
  /** Is told of each piece. */
  readonly onPiece?: (pieces: number) => void;
}

/**
 * Asks a server over a connection of its own and keeps what each read of the socket brings.
 *
 * @param url The server.
 * @param asked What is asked, and what is noted of it.
 */
export async function recordStream(
  url: string,
  { note, request, sent, onPiece }: AskedStream,
): Promise<RecordedStream> {
  const { hostname, port } = new URL(url);
  using socket = await Deno.connect({ hostname, port: Number(port) });
  const body = sent === undefined ? "" : JSON.stringify(sent);
  const lines = [
    `${request} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    "connection: close",
    ...sent === undefined ? [] : ["content-type: application/json", `content-length: ${utf8.encode(body).length}`],
  ];
  const startedAt = performance.now();
  await socket.write(utf8.encode(`${lines.join("\r\n")}\r\n\r\n${body}`));
  let unread = new Uint8Array(), head: string | null = null;
  const pieces: [number, string][] = [];
  const buffer = new Uint8Array(65536);
  for (let read = await socket.read(buffer); read !== null; read = await socket.read(buffer)) {
    const atMs = Math.round(10 * (performance.now() - startedAt)) / 10;
    unread = concatenate([unread, buffer.slice(0, read)]);
    if (head === null) {
      const end = indexOf(unread, "\r\n\r\n");
      if (end < 0) continue;
      head = text.decode(unread.subarray(0, end));
      unread = unread.slice(end + 4);
    }
    const isChunked = /^transfer-encoding: *chunked/im.test(head);
    const { bytes, rest } = isChunked ? unchunked(unread) : { bytes: unread, rest: new Uint8Array() };
    unread = rest;
    if (bytes.length === 0) continue;
    pieces.push([atMs, text.decode(bytes)]);
    onPiece?.(pieces.length);
  }
  return {
    note,
    request,
    ...sent === undefined ? {} : { sent },
    status: Number(/^HTTP\/1.1 (\d+)/.exec(head ?? "")?.[1]),
    contentType: /^content-type: *(.*?)$/im.exec(head ?? "")?.[1]?.trim() ?? "",
    pieces,
  };
}

const utf8 = new TextEncoder();
/** A fixture is text: a server that cuts a character in two would need another form. */
const text = new TextDecoder("utf-8", { fatal: true });

function indexOf(bytes: Uint8Array, wanted: string): number {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("").indexOf(wanted);
}

/** What whole chunks of the transfer hold, and what is left of one that is not whole. */
function unchunked(
  bytes: Uint8Array,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly rest: Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const line = indexOf(bytes.subarray(from, from + 20), "\r\n");
    const size = line < 0 ? NaN : parseInt(text.decode(bytes.subarray(from, from + line)), 16);
    const at = from + line + 2;
    if (Number.isNaN(size) || at + size + 2 > bytes.length) break;
    parts.push(bytes.subarray(at, at + size));
    from = at + size + 2;
  }
  return { bytes: concatenate(parts), rest: bytes.slice(from) };
}
