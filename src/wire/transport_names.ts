/** Names of the transports, for whatever opens none; the first that serves the URL and the access is used by itself. */
export const TRANSPORT_NAMES = ["http1", "undici"] as const;

/** Name of a transport. */
export type TransportName = typeof TRANSPORT_NAMES[number];
