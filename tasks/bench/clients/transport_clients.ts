import { TRANSPORT_NAMES } from "../../../src/wire/transport_names.ts";
import type { Client } from "./client.ts";
import { ownClient } from "./own_client.ts";

const nameOf = (transport: string) => `transport ${transport}`;

/** Name of the client over the transport that is used where none is asked for: the first of the table. */
export const FIRST_TRANSPORT: string = nameOf(TRANSPORT_NAMES[0]);

/** A client over every transport there is. */
export function transportClients(): Client[] {
  return TRANSPORT_NAMES.map((transport) => ownClient(nameOf(transport), { kind: "lanes", transport }));
}
