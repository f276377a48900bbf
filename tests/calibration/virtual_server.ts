import type { Protocol } from "../../src/core/protocol.ts";
import type { Target } from "../../src/core/target.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { textProtocol } from "../measure/cache_calibration.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";
import type { ServerGpus } from "../../src/observe/gpu/server_gpus.ts";
import { EnergyModel } from "./gpu/energy_scenarios.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import { ServerModel } from "./server_model.ts";
import { openVirtualStreams } from "./streams/virtual_streams.ts";

/** An address that is never this host (RFC 5737), so that memory comes from the server's own report. */
const ELSEWHERE = "http://192.0.2.1";

/** A server of known behaviour in virtual time. */
export interface VirtualServer {
  /** The server's time, and the client's. */
  readonly clock: VirtualClock;
  /** To be measured. */
  readonly target: Target;
  /** Opens its GPU; left out where it has none. */
  readonly openGpus?: () => Promise<ServerGpus>;
  /** What it does and did. */
  readonly model: ServerModel;
}

/**
 * A server of known behaviour in virtual time.
 *
 * @param behaviour What it does.
 * @param seed Of everything random.
 */
export function openVirtualServer(behaviour: ServerBehaviour, seed: number): VirtualServer {
  const { streams } = behaviour;
  if (streams) return { ...openVirtualStreams(streams, seed), model: new ServerModel(behaviour, seed) };
  const energy = behaviour.energy ? new EnergyModel(behaviour.energy) : null;
  const clock = new VirtualClock(energy !== null);
  const model = new ServerModel(behaviour, seed);
  const isCaching = behaviour.cacheHitMs !== undefined;
  let lastToldMs: number | null = null;
  const server = new SimulatedServer(clock, ({ nowMs, outstanding, batchSize, request }) => {
    if (!model.loaded) return { failure: "status", afterMs: 1 };
    const body = isCaching ? { body: wholeBody(request.body).toBase64() } : {};
    const { serviceMs, failed, toldMs } = model.serve({ nowMs, outstanding, batchSize, ...body });
    // Of the answer that is judged next, as one request is sent at a time.
    if (behaviour.tells) lastToldMs = toldMs;
    energy?.serve(nowMs, serviceMs, batchSize);
    return failed ? { failure: "rejected", afterMs: serviceMs } : { serviceMs };
  }, behaviour.workers ?? Infinity);
  const target = simulatedTarget(server, {
    ...(isCaching ? textProtocol : simulatedProtocol),
    ...(behaviour.tells ? { judge: () => ({ kind: "success", serverMs: lastToldMs }) as const } : {}),
    ...capabilitiesOf(model, clock),
  });
  const gpus = energy === null
    ? {}
    : { openGpus: () => Promise.resolve({ source: energy.source(clock), positions: [0], pids: null }) };
  return { clock, target: { ...target, url: ELSEWHERE }, model, ...gpus };
}

function capabilitiesOf(model: ServerModel, clock: VirtualClock): Partial<Protocol> {
  return {
    load: () => clock.sleep(model.load()),
    unload: async () => {
      await clock.sleep(5);
      model.unload();
    },
    verifyAbsent: () => Promise.resolve({ absent: !model.loaded, evidence: `loaded: ${model.loaded}` }),
    ...(model.behaviour.memory
      ? {
        serverMemory: () => {
          const gpu = model.gpuMemory();
          return Promise.resolve({
            residentBytes: model.residentBytes(),
            gpuAllocatedBytes: gpu?.allocatedBytes ?? null,
            gpuReservedBytes: gpu?.reservedBytes ?? null,
          });
        },
      }
      : {}),
  };
}
