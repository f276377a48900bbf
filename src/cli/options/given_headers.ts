import { UsageError } from "../../core/errors.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import type { GivenOptions } from "./given_options.ts";
import { namedVariable, namedVariables, type ReadVariable } from "./secrets/named_variable.ts";

const HEADER_HINT = "Write --header 'Name: value'.";

/**
 * The headers of `--header`, `--header-env` and `--token-env`.
 *
 * @param given The options.
 * @param environment Reads an environment variable.
 * @returns Values by name.
 * @throws {UsageError} If a header is malformed or there twice, or the token's variable is not set. As values are often
 * secrets, and a token may be written where its variable belongs, messages hold neither.
 */
export function readHeaders(given: GivenOptions, environment: ReadVariable): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  addHeaders(headers, given.texts("header").map(readHeader), "--header");
  const named = namedVariables(given.texts("header-env"), "header-env", "the header", environment);
  addHeaders(headers, named, "--header-env");
  const token = readToken(given, "token-env", environment);
  if (token !== undefined) addHeaders(headers, [["Authorization", `Bearer ${token}`]], "--token-env");
  // The file is read later, but there is one such header even now.
  if (given.has("token-file") && !given.has("token-env")) {
    addHeaders({ ...headers }, [["Authorization", ""]], "--token-file");
  }
  checkedHeaders(headers);
  return headers;
}

/**
 * Adds headers to others.
 *
 * @param headers Values by name; what is added stands there.
 * @param added Names and values in pairs.
 * @param source The option that they come from, for messages.
 * @throws {UsageError} If one is there already; letters' case makes no difference.
 */
export function addHeaders(
  headers: Record<string, string>,
  added: readonly (readonly [name: string, value: string])[],
  source: string,
): void {
  for (const [name, value] of added) {
    if (Object.keys(headers).some((other) => other.toLowerCase() === name.toLowerCase())) {
      // What stands before a colon may be a part of a secret, where it is no name.
      const shown = /^[\w-]{1,40}$/.test(name) ? `header "${name}"` : "same header";
      throw new UsageError(
        `Cannot read the command line as the ${shown} must be given once: found it again in ${source}`,
      );
    }
    headers[name] = value;
  }
}

function readHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(":");
  if (colon >= 1) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  const found = colon === 0 ? "nothing" : `no colon in ${text.length} characters`;
  throw new UsageError(
    `Cannot read the command line as "--header" must have a name before a colon: found ${found}`,
    { hint: HEADER_HINT },
  );
}

/**
 * The token in the environment variable that an option names.
 *
 * @returns `undefined` if the option was not given.
 * @throws {UsageError} If there is no such variable, or it is empty.
 */
export function readToken(
  given: GivenOptions,
  option: "token-env" | "management-token-env",
  environment: ReadVariable,
): string | undefined {
  const variable = given.get(option);
  if (variable === undefined) return undefined;
  const hint = `Give the name of the variable, not the token: export TOKEN=..., then --${option} TOKEN.`;
  return namedVariable(variable, option, "the token", hint, environment);
}
