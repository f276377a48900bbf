import { TargetError, UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { Protocol, ProtocolFactory } from "../core/protocol.ts";
import type { Generation } from "../core/request/generation.ts";
import type { Call, Transport, WireResponse } from "../core/transport.ts";
import { parseServerUrl } from "../wire/url.ts";
import { withAllocatorCounters } from "./shared/allocator_counters.ts";
import { detectProtocol } from "./detect.ts";
import { genericProtocol } from "./generic.ts";
import type { GenericSpec } from "./generic/spec.ts";
import { specSecrets } from "./generic/spec_secrets.ts";
import { WANTS_AUTHENTICATION } from "./shared/authentication.ts";
import { isNotReady, notReady } from "./shared/not_ready.ts";
import { modelVersion } from "./shared/model_version.ts";
import { healthyWithoutRoute } from "./shared/health_route.ts";
import { maskedVerdicts } from "./shared/secrets.ts";
import { type Redirect, watchedForRedirects } from "./failure/redirect.ts";
import { explained } from "./failure/explained.ts";
import { redirectWords } from "./shared/server_answer.ts";
import { openServerCalls, type ServerRoute } from "./shared/server_calls.ts";

/** Options of {@linkcode connectServer}. */
export interface ConnectServerOptions extends ServerRoute {
  /** Name of the protocol, or `auto` to ask the server. @default {"auto"} */
  readonly protocol?: string;
  /** Name of a model that is expected: a server that hides its own routes is recognised by the model's. */
  readonly model?: string;
  /** How to talk to a server that speaks no known protocol, from `parseGenericSpec`; it replaces `protocol`. */
  readonly generic?: GenericSpec;
  /** Whether a cold start registers the model anew, archive included (TorchServe). @default {false} */
  readonly reregister?: boolean;
  /**
   * Whether the first dimension of the models' tensors is the batch (KServe v2).
   * @default {what the model's configuration says, else a guess}
   */
  readonly batched?: boolean;
  /** What a language model is asked to write (OpenAI's API). */
  readonly generation?: Generation;
  /**
   * Whether a language model is wanted where the server has models of other kinds too.
   * @default {whether it is told what to write}
   */
  readonly writes?: boolean;
  /** Version of the models, for servers that have versions. @default {the one that the server chooses} */
  readonly modelVersion?: string;
  /** Ends the connecting. */
  readonly signal?: AbortSignal;
  /** Is told what is being done, a few words. */
  readonly onProgress?: (text: string) => void;
}

/** A server that was found healthy, before a model is chosen. */
export interface ServerConnection extends AsyncDisposable {
  /** Base URL of the server. */
  readonly url: string;
  /** Unix socket that leads to it; left out where there is none. */
  readonly unixSocket?: string;
  /** True where its certificate is not checked, so that whoever answers may be another; left out where it is. */
  readonly unverified?: true;
  /** True where a proxy leads to it; left out where none does. */
  readonly proxied?: true;
  /** True where each request went over a connection of its own; left out where connections were kept. */
  readonly connectionPerRequest?: true;
  /** How to talk to it. */
  readonly protocol: Protocol;
  /** How the protocol was chosen, for people. */
  readonly protocolEvidence: string;
  /** Opens a fresh transport to the server; the caller closes it. */
  openTransport(): Transport;
  /** Opens a transport of the same kind to another origin, without the server's headers; the caller closes it. */
  openTransportTo(origin: string): Transport;
  /** An error of a question to it that was led elsewhere, with what to do about that; any other as it is. */
  explained(error: unknown): Promise<unknown>;
  /** Frees what the connection holds. The server goes on. */
  close(): Promise<void>;
}

/**
 * Connects to a server: finds the protocol and checks the server's health.
 *
 * @param url Base URL of the server.
 * @param options How to talk to it.
 * @returns The server, ready to be asked for its models. Close it when done; the server goes on.
 * @throws {UsageError} If the URL, a header or the protocol's name cannot be used.
 * @throws {TargetError} If the server is unreachable, unhealthy or no inference server.
 */
export async function connectServer(url: string, options: ConnectServerOptions = {}): Promise<ServerConnection> {
  const { href } = parseServerUrl(url);
  const { protocol: name = "auto", generic, reregister = false, access, signal, timeoutMs = 10_000 } = options;
  const callOptions = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  const calls = openServerCalls(href, options, generic === undefined ? [] : specSecrets(generic));
  const { secrets, call: plainCall, callTo, openTransport, openTransportTo, close } = calls;
  const redirects: Redirect[] = [];
  let last: WireResponse | null = null;
  const watched = watchedForRedirects(plainCall, (seen) => redirects.push(seen));
  const call: Call = async (request, callOptions) => {
    last = await watched(request, callOptions);
    return last;
  };
  try {
    options.onProgress?.(`connecting to ${href}`);
    const { factory, evidence } = generic === undefined
      ? await detectProtocol(call, name, {
        ...callOptions,
        callTo,
        model: options.model ?? null,
        writes: options.writes ?? options.generation !== undefined,
      })
      : { factory: genericProtocol(generic), evidence: "described by the user" };
    checkBatched(factory, options.batched);
    checkGeneration(factory, options.generation);
    const version = modelVersion(factory, options.modelVersion);
    const versionedCallTo: typeof callTo = (address, portOffset) => version.call(callTo(address, portOffset));
    const bound = version.protocol(
      await factory.bind(version.call(call), {
        ...callOptions,
        callTo: versionedCallTo,
        reregister,
        ...options.batched === undefined ? {} : { batched: options.batched },
        ...options.generation === undefined ? {} : { generation: options.generation },
      }),
    );
    const counters = options.metricsUrl === undefined ? call : callTo("metrics", 0);
    const masked = maskedVerdicts(withAllocatorCounters(bound, counters), secrets);
    // A description names the route itself.
    const checked = generic === undefined ? healthyWithoutRoute(masked, () => last?.status ?? 0) : masked;
    const protocol = { ...checked, notes: () => [...checked.notes?.() ?? [], ...calls.lost.notes()] };
    const { healthy, detail } = await protocol.health(callOptions);
    if (!healthy) throw last !== null && isNotReady(last) ? notReady(detail, last) : unhealthy(href, detail);
    return {
      url: href,
      ...access?.unixSocket === undefined ? {} : { unixSocket: access.unixSocket },
      ...access?.insecure && href.startsWith("https:") ? { unverified: true as const } : {},
      ...access?.proxy === undefined ? {} : { proxied: true as const },
      ...options.connectionPerRequest ? { connectionPerRequest: true as const } : {},
      protocol,
      protocolEvidence: evidence,
      openTransport,
      openTransportTo,
      explained: async (error) => {
        const told = error instanceof TargetError ? error.message : "";
        const redirect = telling(redirects.filter(({ location }) => told.includes(redirectWords(location))));
        return redirect === null ? error : await explained(error, href, { access, redirect });
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw signal?.aborted ? error : await explained(error, href, { access, redirect: telling(redirects) });
  }
}

/** One that leads to the same path elsewhere tells the base URL there; the last is what the error is about. */
function telling(redirects: readonly Redirect[]): Redirect | null {
  return redirects.findLast(({ path, location }) => location?.includes(path)) ?? redirects.at(-1) ?? null;
}

function checkBatched({ name, takesBatched = false }: ProtocolFactory, batched: boolean | undefined): void {
  if (batched === undefined || takesBatched) return;
  throw new UsageError(
    `Cannot be told whether the model is batched as the protocol must leave that open: ${name} does not`,
    { hint: "Leave it out." },
  );
}

function checkGeneration(
  { name, takesGeneration = false, lacksGeneration = [] }: ProtocolFactory,
  generation: Generation | undefined,
): void {
  if (generation === undefined) return;
  if (!takesGeneration) {
    throw new UsageError(
      `Cannot be told what to write as the protocol must be that of a language model: the server speaks ${name}`,
      { hint: naming`Leave ${option(`generation.${Object.keys(generation)[0]}`)} out.` },
    );
  }
  const lacking = lacksGeneration.find((key) => (generation[key] ?? false) !== false);
  if (lacking === undefined) return;
  const told = option(`generation.${lacking}`);
  throw new UsageError(naming`Cannot use ${told} as the protocol must have it: ${name} has nothing like it`, {
    hint: naming`Leave ${told} out, or give what the server takes instead with ${option("generation.extraBody")}.`,
  });
}

function unhealthy(href: string, detail: string): TargetError {
  const refused = /status 40[13]/.test(detail);
  return new TargetError(
    `Cannot use the server at ${href} as it must be healthy: it says ${detail}`,
    refused ? WANTS_AUTHENTICATION : {},
  );
}
