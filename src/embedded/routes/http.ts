import { RequestError } from "./request_error.ts";

/** A request on its way to a handler. */
export interface Exchange {
  /** The request. */
  readonly request: Request;
  /** Its address. */
  readonly url: URL;
  /** What the groups of the route's pattern matched, decoded; "" for a group that did not take part. */
  readonly groups: readonly string[];
  /** Reads the body, up to the server's limit. */
  readonly body: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** What answers one method on the paths of one pattern. */
export interface Route {
  /** HTTP method. */
  readonly method: "GET" | "POST" | "DELETE";
  /** Matches the whole path. */
  readonly path: RegExp;
  /** Answers, or throws {@linkcode RequestError}. */
  readonly handle: (exchange: Exchange) => Response | Promise<Response>;
}

/**
 * Answers a request by the first route that fits.
 *
 * @param routes The routes.
 * @param request The request.
 * @param body Reads its body.
 * @throws {RequestError} With 404 for an unknown path, 405 for a method that the path does not have.
 */
export function dispatch(
  routes: readonly Route[],
  request: Request,
  body: Exchange["body"],
): Response | Promise<Response> {
  const url = new URL(request.url);
  const onPath = routes.filter((route) => route.path.test(url.pathname));
  const route = onPath.find(({ method }) => method === request.method);
  if (!route) {
    if (onPath.length === 0) throw new RequestError(404, `Cannot find anything at ${url.pathname}`);
    const allowed = onPath.map(({ method }) => method).join(", ");
    throw new RequestError(
      405,
      `Cannot answer as ${url.pathname} must be asked by ${allowed}: current method is ${request.method}`,
    );
  }
  const groups = [...route.path.exec(url.pathname)!].slice(1).map((group) => decode(group ?? ""));
  return route.handle({ request, url, groups, body });
}

/**
 * Reads a JSON object.
 *
 * @param bytes The text; empty stands for `{}`.
 * @throws {RequestError} With 400 if it is anything else.
 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RequestError(400, `Cannot read the body as it must be JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new RequestError(400, "Cannot read the body as it must be a JSON object");
  return value;
}

/** Whether a value is an object with names, not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RequestError(400, `Cannot decode the path segment ${JSON.stringify(segment)}`);
  }
}
