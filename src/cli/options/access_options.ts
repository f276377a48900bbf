import { UsageError } from "../../core/errors.ts";
import { GENERIC } from "../../protocols/generic.ts";
import { checkAccess, parseProxy } from "../../wire/access.ts";
import { encodedQuery, type Query } from "../../wire/query.ts";
import { type GivenGeneration, readGeneration } from "./generation/given_generation.ts";
import { readToken } from "./given_headers.ts";
import type { GivenOptions } from "./given_options.ts";
import type { CommandOptionName } from "./options.ts";
import { namedVariable, namedVariables, type ReadVariable } from "./secrets/named_variable.ts";

/** How to get at a server, besides its URL and its headers. Files are yet to be read. */
export interface AccessArguments {
  /** What goes behind the path of every request. */
  readonly query?: Query;
  /** Whether each request goes over a connection of its own. */
  readonly connectionPerRequest?: true;
  /** Files by the options that name them. */
  readonly files: Readonly<Partial<Record<FileOption, string>>>;
  /** Name that the server's certificate is checked against. */
  readonly tlsName?: string;
  /** Says that it is not checked. */
  readonly insecure?: true;
  /** Path of a Unix socket. */
  readonly unixSocket?: string;
  /** URL of a proxy. */
  readonly proxy?: string;
  /** Name of the transport. */
  readonly transport?: string;
  /** Largest answer that is taken, bytes. */
  readonly maxResponseBytes?: number;
  /** Base URL of the management API. */
  readonly managementUrl?: string;
  /** Base URL of the metrics. */
  readonly metricsUrl?: string;
  /** Token of the management API. */
  readonly managementToken?: string;
  /** Whether cold starts register the model anew. */
  readonly reregister: boolean;
  /** Whether the first dimension of the models' tensors is the batch. */
  readonly batched?: boolean;
  /** Version of the models. */
  readonly modelVersion?: string;
  /** What a language model is asked to write. */
  readonly generation?: GivenGeneration;
}

const FILE_OPTIONS = [
  "header-file",
  "token-file",
  "management-token-file",
  "ca-file",
  "client-cert",
  "client-key",
  "generic",
] as const satisfies readonly CommandOptionName[];

/** An option that names a file which says how to get at a server. */
export type FileOption = typeof FILE_OPTIONS[number];

/**
 * Reads the options that say how to get at a server.
 *
 * @param given The options.
 * @param environment Reads an environment variable.
 * @throws {UsageError} If two of them are for the same thing, or one cannot be.
 */
export function readAccess(
  given: GivenOptions,
  environment: ReadVariable,
): AccessArguments {
  const protocol = given.get("protocol");
  if (given.has("generic") && protocol !== undefined && protocol !== GENERIC) {
    throw new UsageError(
      'Cannot read the command line as there must be one of "--generic" and "--protocol": found both',
      { hint: "Leave one out." },
    );
  }
  const unixSocket = given.get("unix-socket"), proxy = readProxy(given, environment), tlsName = given.get("tls-name");
  if (proxy !== undefined) parseProxy(proxy);
  checkAccess({
    ...optionally("unixSocket", unixSocket),
    ...optionally("proxy", proxy),
    ...optionally("tlsName", tlsName),
  });
  if (given.has("client-cert") !== given.has("client-key")) {
    throw new UsageError('Cannot read the command line as "--client-cert" and "--client-key" must come together', {
      hint: "A certificate that the client shows needs its private key.",
    });
  }
  return {
    ...optionally("connectionPerRequest", given.get("connection-per-request")),
    ...optionally("query", given.has("query") || given.has("query-env") ? readQuery(given, environment) : undefined),
    files: Object.fromEntries(FILE_OPTIONS.flatMap((name) => given.has(name) ? [[name, given.get(name)!]] : [])),
    reregister: given.get("reregister") ?? false,
    ...optionally("batched", given.has("batched") ? true : given.has("unbatched") ? false : undefined),
    ...optionally("modelVersion", given.get("model-version")),
    ...optionally("generation", readGeneration(given)),
    ...optionally("tlsName", tlsName),
    ...given.get("insecure") === true ? { insecure: true } : {},
    ...optionally("unixSocket", unixSocket),
    ...optionally("proxy", proxy),
    ...optionally("transport", given.get("transport")),
    ...optionally("maxResponseBytes", given.get("max-response")),
    ...optionally("managementUrl", given.get("management-url")),
    ...optionally("metricsUrl", given.get("metrics-url")),
    ...optionally("managementToken", readToken(given, "management-token-env", environment)),
  };
}

/** The URL of a proxy, which the environment may hold. */
function readProxy(given: GivenOptions, environment: ReadVariable): string | undefined {
  const variable = given.get("proxy-env");
  if (variable === undefined) return given.get("proxy");
  const hint = "Give the name of the variable, not the URL: export PROXY=..., then --proxy-env PROXY.";
  return namedVariable(variable, "proxy-env", "the proxy's URL", hint, environment);
}

/** The pairs of `--query` and `--query-env`. As values are often secrets, messages hold none. */
function readQuery(given: GivenOptions, environment: ReadVariable): Query {
  const written = given.texts("query").map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) {
      const found = equals === 0 ? "nothing" : `no = in ${text.length} characters`;
      throw new UsageError(
        `Cannot read the command line as "--query" must have a name before an =: found ${found}`,
        { hint: "Write --query 'key=value'." },
      );
    }
    return [text.slice(0, equals).trim(), text.slice(equals + 1)] as const;
  });
  const query = [...written, ...namedVariables(given.texts("query-env"), "query-env", "the value", environment)];
  encodedQuery(query);
  return query;
}

/** A field, or none where there is no value for it. */
export function optionally<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  return value === undefined ? {} : { [name]: value } as { [N in K]: V };
}
