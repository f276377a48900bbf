import { UsageError } from "../../../core/errors.ts";

/** Reads an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

const VARIABLE = /^[A-Za-z_]\w*$/;

/**
 * What an environment variable holds that an option names, without the blanks around it.
 *
 * @param variable What was written for its name. It may be the secret itself, so that messages never hold it.
 * @param option The option's name.
 * @param what What the variable holds, for messages.
 * @param hint How to write the option.
 * @param environment Reads a variable.
 * @throws {UsageError} If there is no such variable, or it is empty.
 */
export function namedVariable(
  variable: string,
  option: string,
  what: string,
  hint: string,
  environment: ReadVariable,
): string {
  const isName = VARIABLE.test(variable);
  const value = isName ? environment(variable)?.trim() : undefined;
  if (value) return value;
  const found = !isName ? "that is no variable's name" : value === "" ? "it is empty" : "it is not set";
  throw new UsageError(
    `Cannot read ${what} as the environment variable that "--${option}" names must hold it: ${found}`,
    { hint },
  );
}

/**
 * The pairs of an option such as `--header-env Authorization=VAR`: names, and what their variables hold.
 *
 * @param texts What was written.
 * @param option The option's name.
 * @param what What a variable holds, for messages.
 * @param environment Reads a variable.
 * @throws {UsageError} If one has no name, or its variable holds nothing. Messages hold no value.
 */
export function namedVariables(
  texts: readonly string[],
  option: "header-env" | "query-env",
  what: string,
  environment: ReadVariable,
): [name: string, value: string][] {
  const hint = `Give the name of a variable, not what it holds: export VAR=..., then --${option} ${
    option === "header-env" ? "Authorization=VAR" : "key=VAR"
  }.`;
  return texts.map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) {
      const found = equals === 0 ? "nothing" : `no = in ${text.length} characters`;
      throw new UsageError(
        `Cannot read the command line as "--${option}" must have a name before an =: found ${found}`,
        { hint },
      );
    }
    return [
      text.slice(0, equals).trim(),
      namedVariable(text.slice(equals + 1).trim(), option, what, hint, environment),
    ];
  });
}
