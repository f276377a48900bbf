import { assertEquals } from "@std/assert";
import type { Asked } from "../../src/core/protocol.ts";
import type { Lane, LaneObserver, WireRequest } from "../../src/core/transport.ts";
import { sendOne } from "../../src/load/send_one.ts";
import { VirtualClock } from "./virtual_clock.ts";

const REQUEST: WireRequest = { method: "GET", path: "/", headers: [], body: null };
const ASKED: Asked = { model: "m", predictions: 1, allowNullResults: false };

/** The latency of a request, ms, whose lane tells the moments at its socket, or not. */
async function latencyMs(tells: boolean): Promise<number> {
  const clock = new VirtualClock();
  const at = async (ms: number, tell: () => void) => {
    await clock.sleep(ms - clock.now());
    tell();
  };
  const lane: Lane = {
    send(_request, _timeoutMs, observer: LaneObserver) {
      (async () => {
        if (tells) await at(1, () => observer.onSending?.());
        if (tells) await at(6, () => observer.onRead?.());
        await at(8, () => observer.onResponse({ status: 200, headers: {}, body: new Uint8Array() }));
      })();
    },
    cancel() {},
    close: () => Promise.resolve(),
  };
  const protocol = { judge: () => ({ kind: "success", serverMs: null } as const) };
  const single = { request: REQUEST, asked: ASKED, protocol, timeoutMs: 1000, clock };
  return await clock.run(sendOne(lane, single)).then((attempt) => attempt.latencyMs);
}

Deno.test("sendOne() takes the moments at the socket for those of the request, where its lane tells them", async () => {
  assertEquals([await latencyMs(true), await latencyMs(false)], [5, 8]);
});
