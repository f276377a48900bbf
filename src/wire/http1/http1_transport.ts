import type { Transport } from "../../core/transport.ts";
import type { TransportSettings } from "../transport_kind.ts";
import { transportOfLanes } from "../transport_of_lanes.ts";
import { BytePool } from "../body/byte_pool.ts";
import { Deadlines } from "./deadlines.ts";
import { Http1Lane } from "./http1_lane.ts";
import { KnownHeads } from "./known_heads.ts";
import type { LaneSettings } from "./lane_settings.ts";
import { openSocket } from "./open_socket.ts";
import { OutgoingPool } from "./outgoing.ts";
import { RequestHeads } from "./request_head.ts";

/**
 * HTTP/1.1 over Deno's sockets: one connection per lane, kept alive, TCP_NODELAY, one request outstanding.
 *
 * @param settings Where the server is, and what goes with every request.
 */
export function openHttp1Transport(settings: TransportSettings): Transport {
  const { server, access, headers, query, connectionPerRequest, budget } = settings;
  let resentRequests = 0;
  const lanes: LaneSettings = {
    openSocket: (signal) => openSocket(server, access, signal),
    heads: new RequestHeads(server, headers, query, !connectionPerRequest),
    deadlines: new Deadlines(),
    knownHeads: new KnownHeads(),
    outgoing: new OutgoingPool(),
    pool: new BytePool(),
    keepsAlive: !connectionPerRequest,
    budget,
    onResent: () => resentRequests++,
  };
  const transport = transportOfLanes(server.origin, (onClosed) => new Http1Lane(lanes, onClosed));
  return {
    ...transport,
    get resentRequests() {
      return resentRequests;
    },
  };
}
