import { isSecretName } from "../../core/request/secret_name.ts";
import type { RequestTemplate } from "./request.ts";
import type { GenericSpec } from "./spec.ts";

/**
 * What a description holds that must not be shown: values of headers and of its paths' queries, by their names.
 *
 * @param spec The description.
 * @returns Names and values in turn; values as they are, and as the path writes them.
 */
export function specSecrets({ predict, health, load, unload, present }: GenericSpec): string[] {
  const requests = [predict, health, load, unload, present].filter((request) => request !== null);
  return requests.flatMap((request) => [...ofHeaders(request), ...ofPath(request)]);
}

function ofHeaders({ headers }: RequestTemplate): string[] {
  return headers.flatMap((value, i) => i % 2 === 1 && isSecretName(headers[i - 1]!) ? [headers[i - 1]!, value] : []);
}

function ofPath({ path: { parts } }: RequestTemplate): string[] {
  const written = parts.map((part) => part instanceof Uint8Array ? new TextDecoder().decode(part) : "").join("");
  const query = written.split("?").slice(1).join("?");
  const sent = query.split("&").map((pair) => pair.split(/=(.*)/s));
  return [...new URLSearchParams(query), ...sent].flatMap(([name = "", value = ""]) =>
    isSecretName(name) ? [name, value] : []
  );
}
