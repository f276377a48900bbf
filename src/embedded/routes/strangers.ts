import { RequestError } from "./request_error.ts";

/** What a program sends. A page may send other types anywhere without asking, so none of them is taken. */
const TYPES = ["application/json", "application/octet-stream"];

/**
 * Refuses what a web page of another site makes a browser send: to a name that was made to mean this machine (DNS
 * rebinding), from an origin of its own, or with a body that needs no permission.
 *
 * @param request What was asked.
 * @throws {RequestError} With 403 for a foreign name or origin, 415 for a type of body that is not read.
 */
export function refuseStrangers(request: Request): void {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (!isLoopback(`http://${host}`)) {
    throw new RequestError(403, `Cannot answer as the host must be a name of this machine: found ${shown(host)}`);
  }
  const origin = request.headers.get("origin");
  if (origin !== null && !isLoopback(origin)) {
    throw new RequestError(403, `Cannot answer as pages of other sites may not ask: found ${shown(origin)}`);
  }
  if (request.headers.get("sec-fetch-site") === "cross-site") {
    throw new RequestError(403, "Cannot answer as pages of other sites may not ask");
  }
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (request.method === "POST" && type !== undefined && !TYPES.includes(type)) {
    throw new RequestError(415, `Cannot read the body as its type must be ${TYPES.join(" or ")}: found ${shown(type)}`);
  }
}

/** Whether an origin is on this machine. */
function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
