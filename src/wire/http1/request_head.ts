import { Buffer } from "node:buffer";
import type { WireRequest } from "../../core/transport.ts";
import { framesMessages, isFieldName, isFieldValue, mergedHeaders } from "../headers.ts";
import { withQuery } from "../query.ts";
import type { ServerUrl } from "../url.ts";

const METHODS = ["GET", "POST", "PUT", "DELETE"];
const NOT_IN_PATH = /[^\x21-\x7e\x80-\xff]/;

/** A request's head, and what it was made from. */
interface Encoded {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly bodyBytes: number;
  readonly bytes: Uint8Array;
}

/** Encodes the heads of requests, each once. */
export class RequestHeads {
  readonly #basePath: string;
  readonly #common: readonly string[];
  readonly #query: string;
  readonly #connection: string;
  readonly #host: string;
  readonly #encoded = new WeakMap<WireRequest, Encoded>();
  #last: Encoded | null = null;

  /**
   * Encodes nothing yet.
   *
   * @param server Where requests go.
   * @param common Names in lower case and values in turn that go with every request.
   * @param query Goes behind every path.
   * @param keepsAlive Whether the connection is to stay open.
   */
  constructor(server: ServerUrl, common: readonly string[], query = "", keepsAlive = true) {
    this.#basePath = server.basePath;
    this.#common = common;
    this.#query = query;
    this.#connection = keepsAlive ? "keep-alive" : "close";
    this.#host = new URL(server.origin).host;
  }

  /**
   * The head of a request, with the empty line at its end.
   *
   * @param request The request.
   * @param bodyBytes Length of its body.
   * @throws {TypeError} If it cannot be sent as HTTP.
   */
  of(request: WireRequest, bodyBytes: number): Uint8Array {
    if (this.#last !== null && isOf(this.#last, request, bodyBytes)) return this.#last.bytes;
    let encoded = this.#encoded.get(request);
    if (encoded === undefined || !isOf(encoded, request, bodyBytes)) {
      const { method, path, headers } = request;
      encoded = { method, path, headers, bodyBytes, bytes: this.#encode(request, bodyBytes) };
      this.#encoded.set(request, encoded);
    }
    this.#last = encoded;
    return encoded.bytes;
  }

  #encode({ method, path, headers, body }: WireRequest, bodyBytes: number): Uint8Array {
    if (!METHODS.includes(method)) throw notHttp(`found the method "${method}"`);
    const own = this.#basePath + path;
    if (!own.startsWith("/") || NOT_IN_PATH.test(own)) throw notHttp(`found the path "${own}"`);
    const target = withQuery(own, this.#query);
    const all = mergedHeaders(headers, this.#common);
    const lines = [`${method} ${target} HTTP/1.1`];
    const names = new Set<string>();
    for (let i = 0; i < all.length; i += 2) {
      const name = all[i]!, value = all[i + 1]!, lower = name.toLowerCase();
      if (!isFieldName(name) || framesMessages(lower)) throw notHttp(`found the header "${name}"`);
      if (!isFieldValue(value)) throw notHttp(`the header "${name}" holds characters that no header may hold`);
      names.add(lower);
      lines.push(`${name}: ${value}`);
    }
    if (!names.has("host")) lines.splice(1, 0, `host: ${this.#host}`);
    // A server that compresses unasked would have its answers counted with the cost of that.
    if (!names.has("accept-encoding")) lines.push("accept-encoding: identity");
    lines.push(`connection: ${this.#connection}`);
    const hasLength = bodyBytes > 0 || body !== null && method !== "GET" || method === "POST" || method === "PUT";
    if (hasLength) lines.push(`content-length: ${bodyBytes}`);
    return new Uint8Array(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  }
}

function isOf(encoded: Encoded, { method, path, headers }: WireRequest, bodyBytes: number): boolean {
  return encoded.headers === headers && encoded.bodyBytes === bodyBytes && encoded.path === path &&
    encoded.method === method;
}

function notHttp(found: string): TypeError {
  return new TypeError(`Cannot send a request as it must be valid HTTP: ${found}`);
}
