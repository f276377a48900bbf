import { UsageError } from "../../core/errors.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import type { GivenOptions } from "./given_options.ts";

const HEADER_HINT = "Write --header 'Name: value'.";

/**
 * The headers of `--header` and `--token-env`.
 *
 * @param given The options.
 * @param environment Reads an environment variable.
 * @returns Values by name.
 * @throws {UsageError} If a header is malformed or there twice, or the token's variable is not set. As values are often
 * secrets, and a token may be written where its variable belongs, messages hold neither.
 */
export function readHeaders(
  given: GivenOptions,
  environment: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  const add = (name: string, value: string, source: string) => {
    if ([...headers.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
      throw new UsageError(
        `Cannot read the command line as the header "${name}" must be given once: found it again in ${source}`,
      );
    }
    headers.set(name, value);
  };
  for (const text of given.texts("header")) {
    const colon = text.indexOf(":");
    if (colon < 1) {
      const found = colon === 0 ? "nothing" : `no colon in ${text.length} characters`;
      throw new UsageError(
        `Cannot read the command line as "--header" must have a name before a colon: found ${found}`,
        { hint: HEADER_HINT },
      );
    }
    add(text.slice(0, colon).trim(), text.slice(colon + 1).trim(), "--header");
  }
  const token = readToken(given, "token-env", environment);
  if (token !== undefined) add("Authorization", `Bearer ${token}`, "--token-env");
  // The file is read later, but there is one such header even now.
  if (
    given.has("token-file") && !given.has("token-env") &&
    [...headers.keys()].some((name) => name.toLowerCase() === "authorization")
  ) {
    add("Authorization", "", "--token-file");
  }
  const record = Object.fromEntries(headers);
  checkedHeaders(record);
  return record;
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
  environment: (name: string) => string | undefined,
): string | undefined {
  const variable = given.get(option);
  if (variable === undefined) return undefined;
  const isName = /^[A-Za-z_]\w*$/.test(variable);
  const token = isName ? environment(variable)?.trim() : undefined;
  if (token) return token;
  const found = !isName ? "that is no variable's name" : token === "" ? "it is empty" : "it is not set";
  throw new UsageError(
    `Cannot read the token as the environment variable that "--${option}" names must hold it: ${found}`,
    { hint: `Give the name of the variable, not the token: export TOKEN=..., then --${option} TOKEN.` },
  );
}
