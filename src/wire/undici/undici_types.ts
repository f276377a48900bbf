/**
 * What is used of the types of `npm:undici`. Its own want Node's, which `deno doc` cannot resolve: it would warn of 60
 * files that are none of this project. A test holds them against undici's own.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";

/** Headers by lower-case name. */
type Headers = Record<string, string | string[] | undefined>;

/** Takes the opened socket, or why there is none. */
type Opened = (...args: [null, Socket | TLSSocket] | [Error, null]) => void;

/** Where a socket goes. */
interface ConnectTo {
  hostname: string;
  host?: string;
  protocol: string;
  port: string;
  servername?: string;
  localAddress?: string | null;
  socketPath?: string | null;
  httpSocket?: Socket;
}

/** What holds for all sockets of a connector. */
interface ConnectorOptions {
  timeout?: number;
  allowH2?: boolean;
  ca?: string;
  cert?: string;
  key?: string;
  socketPath?: string;
  rejectUnauthorized?: boolean;
  checkServerIdentity?(host: string, certificate: PeerCertificate): Error | undefined;
}

export declare namespace buildConnector {
  export type Callback = Opened;
  export type connector = (options: ConnectTo, callback: Opened) => void;
}

/** Makes what opens sockets. */
export declare function buildConnector(options?: ConnectorOptions): buildConnector.connector;

export declare namespace Dispatcher {
  export interface DispatchController {
    abort(reason: Error): void;
  }

  export interface DispatchHandler {
    onRequestStart?(controller: DispatchController, context: unknown): void;
    onResponseStarted?(): void;
    onResponseStart?(
      controller: DispatchController,
      statusCode: number,
      headers: Headers,
      statusMessage?: string,
    ): void;
    onResponseData?(controller: DispatchController, chunk: Buffer): void;
    onResponseEnd?(controller: DispatchController, trailers: Headers): void;
    onResponseError?(controller: DispatchController, error: Error): void;
  }

  export interface DispatchOptions {
    method: "GET" | "POST";
    path: string;
    headers?: string[];
    body?: Uint8Array | null;
  }
}

/** What holds for a client. */
interface ClientOptions {
  pipelining?: number;
  connect?: buildConnector.connector;
  headersTimeout?: number;
  bodyTimeout?: number;
}

/** One connection to an origin. */
export declare class Client {
  constructor(origin: string, options?: ClientOptions);
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
  connect(
    options: { path: string; headers?: Headers },
    callback: (error: Error | null, data: { statusCode: number; socket: { destroy(): unknown } }) => void,
  ): void;
  on(event: "connect", listener: () => void): this;
  destroy(): Promise<void>;
}
