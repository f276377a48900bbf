import { TargetError } from "../core/errors.ts";
import type { BindOptions, Protocol, ServerAddress } from "../core/protocol.ts";
import type { Call, Transport } from "../core/transport.ts";
import { type Access, accessSecrets } from "../wire/access.ts";
import { callOver } from "../wire/call.ts";
import { checkedHeaders } from "../wire/headers.ts";
import { openUndiciTransport } from "../wire/undici_transport.ts";
import { parseServerUrl } from "../wire/url.ts";
import { detectProtocol } from "./detect.ts";
import { genericProtocol } from "./generic.ts";
import type { GenericSpec } from "./generic/spec.ts";
import { maskedCall, maskedVerdicts, secretsOf } from "./secrets.ts";

/** Options of {@linkcode connectServer}. */
export interface ConnectServerOptions {
  /** Name of the protocol, or `auto` to ask the server. @default {"auto"} */
  readonly protocol?: string;
  /** Headers that go with every request. Their values never appear in messages. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
  /** How to talk to a server that speaks no known protocol, from `parseGenericSpec`; it replaces `protocol`. */
  readonly generic?: GenericSpec;
  /** Certificates, a Unix socket or a proxy that lead to the server. @default {{}} */
  readonly access?: Access;
  /** Headers of requests to the server's management API; they replace `headers` of the same names there. @default {{}} */
  readonly managementHeaders?: Readonly<Record<string, string>>;
  /** Base URL of the management API of a server that has one. @default {the port that the protocol has for it} */
  readonly managementUrl?: string;
  /** Base URL of the metrics of a server that has them elsewhere. @default {the port that the protocol has for them} */
  readonly metricsUrl?: string;
  /** Whether a cold start registers the model anew, archive included (TorchServe). @default {false} */
  readonly reregister?: boolean;
  /** Ends the connecting. */
  readonly signal?: AbortSignal;
  /** Deadline of each question to the server, ms; loading and downloading have their own. @default {10000} */
  readonly timeoutMs?: number;
  /** Is told what is being done, a few words. */
  readonly onProgress?: (text: string) => void;
}

/** A server that was found healthy, before a model is chosen. */
export interface ServerConnection extends AsyncDisposable {
  /** Base URL of the server. */
  readonly url: string;
  /** How to talk to it. */
  readonly protocol: Protocol;
  /** How the protocol was chosen, for people. */
  readonly protocolEvidence: string;
  /** Opens a fresh transport to the server; the caller closes it. */
  openTransport(): Transport;
  /** Opens a transport of the same kind to another origin, without the server's headers; the caller closes it. */
  openTransportTo(origin: string): Transport;
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
  const { headers = {}, managementHeaders = {}, protocol: name = "auto", signal, timeoutMs = 10_000 } = options;
  const callOptions = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  const access = options.access ?? {};
  const secrets = [
    ...secretsOf([...checkedHeaders(headers), ...checkedHeaders(managementHeaders)]),
    ...accessSecrets(access),
  ];
  const openTransport = () => openUndiciTransport(href, { ...access, headers });
  const transports: Transport[] = [];
  const callsTo = (url: string, headers: Readonly<Record<string, string>>): Call => {
    const transport = openUndiciTransport(url, { ...access, headers });
    transports.push(transport);
    return maskedCall(callOver(transport, url), secrets);
  };
  const bindOptions: BindOptions = {
    ...callOptions,
    reregister: options.reregister ?? false,
    callTo: (address, portOffset) =>
      callsTo(
        addressOf(href, address, portOffset, options),
        address === "management" ? { ...lowerCased(headers), ...lowerCased(managementHeaders) } : headers,
      ),
  };
  const close = async () => {
    await Promise.all(transports.map((transport) => transport.close()));
  };
  try {
    const call = callsTo(href, headers);
    options.onProgress?.(`connecting to ${href}`);
    const { factory, evidence } = options.generic === undefined
      ? await detectProtocol(call, name, callOptions)
      : { factory: genericProtocol(options.generic), evidence: "described by the user" };
    const protocol = maskedVerdicts(await factory.bind(call, bindOptions), secrets);
    const { healthy, detail } = await protocol.health(callOptions);
    if (!healthy) throw new TargetError(`Cannot use the server at ${href} as it must be healthy: it says ${detail}`);
    return {
      url: href,
      protocol,
      protocolEvidence: evidence,
      openTransport,
      openTransportTo: (origin) => openUndiciTransport(origin),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Where else a server listens: where the user said, or some ports behind its base URL's. */
function addressOf(
  href: string,
  address: ServerAddress,
  portOffset: number,
  { managementUrl, metricsUrl }: ConnectServerOptions,
): string {
  const given = address === "management" ? managementUrl : metricsUrl;
  if (given !== undefined) return parseServerUrl(given).href;
  const url = new URL(href);
  url.port = String(Number(url.port || (url.protocol === "https:" ? 443 : 80)) + portOffset);
  return url.origin;
}
