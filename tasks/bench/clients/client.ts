/** What a client is asked to do: the same request again and again, one outstanding a connection. */
export interface Job {
  /** Base URL of the server. */
  readonly url: string;
  /** The model. */
  readonly model: string;
  /** The protocol. @default {"kserve-v2"} */
  readonly protocol?: string;
  /** Items in a request. */
  readonly batchSize: number;
  /** Connections. */
  readonly connections: number;
  /** How long it is measured, s. */
  readonly seconds: number;
}

/** What it did. */
export interface ClientRun {
  /** Requests that were answered. */
  readonly requests: number;
  /** In what time, s. */
  readonly seconds: number;
  /** CPU time of the client, ms. */
  readonly cpuMs: number;
  /** Median latency, ms; left out where the client does not tell it finely enough. */
  readonly p50Ms?: number;
  /** Median lateness of requests that are due, ms. */
  readonly lateP50Ms?: number;
  /** Its 99th percentile, ms. */
  readonly lateP99Ms?: number;
  /** 99th percentile of how late the event loop ran timers, ms. */
  readonly lagP99Ms?: number;
  /** Events of streams that came, also of answers that were cut off at the end. */
  readonly events?: number;
  /** Median time to the first token of a stream, ms. */
  readonly firstTokenP50Ms?: number;
  /** Median time per output token, ms. */
  readonly tokenP50Ms?: number;
  /** Resident memory at the end, bytes. */
  readonly rssBytes?: number;
}

/** One client, in a process of its own on the clients' core. */
export interface Client {
  /** Its name in tables. */
  readonly name: string;
  /** Measures once. */
  measure(job: Job): Promise<ClientRun>;
}
