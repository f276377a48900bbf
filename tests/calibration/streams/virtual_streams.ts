import type { Protocol } from "../../../src/core/protocol.ts";
import type { Lane, LaneObserver, Transport } from "../../../src/core/transport.ts";
import { openai } from "../../../src/protocols/openai.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import type { Target } from "../../../src/core/target.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { StreamEngine } from "./stream_engine.ts";
import { chunkOf, DONE, FAILURE, FINISH } from "./stream_events.ts";

const bound = await openai.bind(() => Promise.reject(new TypeError("nothing is asked")), {});
/** Requests are of no concern; answers are read as those of a language model. */
const protocol: Protocol = { ...simulatedProtocol, openStream: () => bound.openStream!() };

/**
 * A server of streamed answers in virtual time.
 *
 * @param behaviour What it does.
 * @param seed Of everything random.
 * @param clock Of several servers the same. @default {one of its own}
 */
export function openVirtualStreams(
  behaviour: StreamBehaviour,
  seed: number,
  clock: VirtualClock = new VirtualClock(),
): { clock: VirtualClock; target: Target } {
  const engine = new StreamEngine(behaviour, seed, clock);
  const close = () => Promise.resolve();
  const transport: Transport = {
    origin: "http://simulated",
    openLane: () => laneOf(engine, clock),
    close,
    [Symbol.asyncDispose]: close,
  };
  const target = simulatedTarget(new SimulatedServer(clock, () => ({ serviceMs: 1 })), protocol);
  return { clock, target: { ...target, openTransport: () => transport } };
}

function laneOf(engine: StreamEngine, clock: VirtualClock): Lane {
  let cancelOutstanding: (() => void) | null = null;
  return {
    send: (_request, timeoutMs, observer: LaneObserver) => {
      const over = () => {
        cancelOutstanding = null;
        revoke();
      };
      let began = false;
      const begin = () => {
        if (!began) observer.onFirstByte();
        began = true;
      };
      const end = engine.submit({
        onChunks: (upTo) => {
          begin();
          for (const tokens of upTo) observer.onChunk!(chunkOf(tokens));
        },
        onEnd: (failed) => {
          begin();
          for (const bytes of failed ? [FAILURE] : [FINISH, DONE]) observer.onChunk!(bytes);
          over();
          observer.onResponse({ status: 200, headers: {}, body: new Uint8Array() });
        },
      });
      const revoke = clock.after(timeoutMs, () => {
        cancelOutstanding = null;
        end();
        observer.onFailure("timeout", `no answer within ${timeoutMs} ms`);
      });
      cancelOutstanding = () => {
        over();
        end();
        observer.onCancelled();
      };
    },
    cancel: () => cancelOutstanding?.(),
    close: () => {
      cancelOutstanding?.();
      return Promise.resolve();
    },
  };
}
