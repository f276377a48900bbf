import { TargetError } from "../core/errors.ts";
import type { Protocol } from "../core/protocol.ts";
import type { Transport } from "../core/transport.ts";
import { callOver } from "../wire/call.ts";
import { checkedHeaders } from "../wire/headers.ts";
import { openUndiciTransport } from "../wire/undici_transport.ts";
import { parseServerUrl } from "../wire/url.ts";
import { detectProtocol } from "./detect.ts";
import { maskedCall, maskedVerdicts, secretsOf } from "./secrets.ts";

/** Options of {@linkcode connectServer}. */
export interface ConnectServerOptions {
  /** Name of the protocol, or `auto` to ask the server. @default {"auto"} */
  readonly protocol?: string;
  /** Headers that go with every request. Their values never appear in messages. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
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
  const { headers = {}, protocol: name = "auto", signal, timeoutMs = 10_000 } = options;
  const secrets = secretsOf(checkedHeaders(headers));
  const openTransport = () => openUndiciTransport(href, { headers });
  const transport = openTransport();
  const close = () => transport.close();
  const callOptions = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  try {
    const call = maskedCall(callOver(transport, href), secrets);
    options.onProgress?.(`connecting to ${href}`);
    const { factory, evidence } = await detectProtocol(call, name, callOptions);
    const protocol = maskedVerdicts(await factory.bind(call, callOptions), secrets);
    const { healthy, detail } = await protocol.health(callOptions);
    if (!healthy) throw new TargetError(`Cannot use the server at ${href} as it must be healthy: it says ${detail}`);
    return { url: href, protocol, protocolEvidence: evidence, openTransport, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
