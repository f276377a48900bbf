import type { ModelDescription, Protocol } from "./protocol.ts";
import type { StartedServer } from "./started_server.ts";
import type { Transport } from "./transport.ts";

/** One model on one server, ready to be measured. */
export interface Target extends AsyncDisposable {
  /** Base URL of the server. */
  readonly url: string;
  /** Unix socket that leads to it, instead of the URL's host and port; left out where there is none. */
  readonly unixSocket?: string;
  /** True where its certificate is not checked, so that whoever answers may be another; left out where it is. */
  readonly unverified?: true;
  /** True where a proxy leads to it; left out where none does. */
  readonly proxied?: true;
  /** True where each request went over a connection of its own; left out where connections were kept. */
  readonly connectionPerRequest?: true;
  /** Canonical name of the model. */
  readonly model: string;
  /** What is known of the model. */
  readonly description: ModelDescription;
  /** How to talk to the server. */
  readonly protocol: Protocol;
  /** Opens a fresh transport to the server; the caller closes it. */
  openTransport(): Transport;
  /** Opens a transport of the same kind to another origin, without the target's headers; the caller closes it. */
  openTransportTo?(origin: string): Transport;
  /** True if it is the embedded server, whose predictions mean nothing. */
  readonly embedded: boolean;
  /** Its process, where it was started for this run and can be started again; left out where it was there before. */
  readonly started?: StartedServer;
  /** How the protocol was chosen, for people: `asked for` or what the server showed. */
  readonly protocolEvidence: string;
  /** Frees what the connection holds. The server goes on. */
  close(): Promise<void>;
}
