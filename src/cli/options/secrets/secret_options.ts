import type { OptionSpec } from "../option.ts";
import { text } from "../option_values.ts";

/** What these have in common: they are for a server of the user's, and for what is asked for instead of a test. */
const SECRET = { group: "The server", withCommands: true, needsUrl: true } as const;

/** A variable's name is shown, and nothing else that may be written in its place. */
const maskedUnlessNamed = (value: string) => value.replace(/^(--[a-z-]+=)?([^=]*)=(?![A-Za-z_]\w*$).*$/s, "$1$2=***");

/**
 * Options by which a secret reaches the server and stands on no command line: `deno task` prints the whole of that, and
 * so does the list of the machine's processes.
 */
export const SECRET_OPTIONS = [
  {
    ...SECRET,
    name: "header-env",
    value: text("NAME=VAR"),
    description: "A header whose value is in an environment variable; may be given several times",
    repeatable: true,
    masked: maskedUnlessNamed,
  },
  {
    ...SECRET,
    name: "header-file",
    value: text("FILE"),
    description: "File with headers, a 'Name: value' on each line; lines that begin with # are passed over",
  },
  {
    ...SECRET,
    name: "query-env",
    value: text("KEY=VAR"),
    description: "As --query, with the value in an environment variable; may be given several times",
    repeatable: true,
    masked: maskedUnlessNamed,
  },
] as const satisfies readonly OptionSpec[];

/** The same for a proxy. */
export const PROXY_SECRET_OPTIONS = [
  {
    ...SECRET,
    name: "proxy-env",
    value: text("VAR"),
    description: "Environment variable with the URL of such a proxy",
    not: "start-command",
  },
] as const satisfies readonly OptionSpec[];
