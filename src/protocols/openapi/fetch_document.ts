import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions } from "../../core/protocol.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { explained } from "../failure/explained.ts";
import { isUnauthorized, WANTS_AUTHENTICATION } from "../shared/authentication.ts";
import { ask, isRecord, jsonRequest, type ServerAnswer } from "../shared/server_answer.ts";
import { openServerCalls, type ServerRoute } from "../shared/server_calls.ts";

/** Where FastAPI and LitServe, BentoML, and servers of Swagger 2 answer it. */
const PATHS = ["/openapi.json", "/docs.json", "/swagger.json"];

/** Where the format is documented. */
const EXAMPLES_HINT =
  "Write a description by hand: src/protocols/GENERIC.md has three worked examples (JSON, a form, raw bytes).";

/**
 * Asks a server for its OpenAPI document.
 *
 * @param url Base URL of the server.
 * @param route How to get at it.
 * @param options Signal and deadline.
 * @returns The document and its path.
 * @throws {TargetError} If the server cannot be reached or answers none.
 */
export async function fetchDocument(
  url: string,
  route: ServerRoute,
  options: ProtocolCallOptions,
): Promise<{ readonly path: string; readonly document: Readonly<Record<string, unknown>> }> {
  const { href } = parseServerUrl(url);
  const { call, close } = openServerCalls(href, route);
  const seen: string[] = [];
  let isRefused = false;
  try {
    for (const path of PATHS) {
      const answer = await ask(call, jsonRequest("GET", path), "propose a description", options);
      if (isRecord(answer.value) && isRecord(answer.value["paths"])) return { path, document: answer.value };
      seen.push(`${path} is answered with ${summary(answer)}`);
      isRefused ||= isUnauthorized(answer);
    }
  } catch (error) {
    throw options.signal?.aborted ? error : await explained(error, href, { access: route.access });
  } finally {
    await close();
  }
  throw new TargetError(
    `Cannot propose a description as the server must answer an OpenAPI document: ${seen.join("; ")}`,
    isRefused ? WANTS_AUTHENTICATION : { hint: EXAMPLES_HINT },
  );
}

function summary({ status, value }: ServerAnswer): string {
  return `status ${status}${value === undefined || status >= 300 ? "" : " and other JSON"}`;
}
