import { TRANSPORTS } from "../../../src/wire/transports.ts";
import type { Client } from "./client.ts";
import { ownClient } from "./own_client.ts";

const nameOf = (transport: string) => `transport ${transport}`;

/** Name of the client over the transport that is used where none is asked for: the first of the table. */
export const FIRST_TRANSPORT: string = nameOf(Object.keys(TRANSPORTS)[0]!);

/** A client over every transport there is. */
export function transportClients(): Client[] {
  return Object.keys(TRANSPORTS).map((transport) => ownClient(nameOf(transport), { kind: "lanes", transport }));
}
