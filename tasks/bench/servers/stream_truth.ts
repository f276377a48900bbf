import { fileURLToPath } from "node:url";
import type { StreamBehaviour } from "../../../tests/calibration/streams/stream_behaviour.ts";
import type { StreamRecord } from "../../../tests/calibration/streams/stream_record.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { type PinnedServer, startPinned } from "../pinned.ts";

/** What it means to do; a busy machine makes it late, and it says so. */
const BEHAVIOUR: StreamBehaviour = { firstMs: 60, tokenMs: 10, tokens: [16, 16] };

/** Starts the server of streams of known times. */
export async function startStreamTruth(): Promise<PinnedServer> {
  const script = fileURLToPath(new URL("../../../tests/calibration/streams/stream_server.ts", import.meta.url));
  return await startPinned([
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"],
    ...[script, JSON.stringify(BEHAVIOUR)],
  ]);
}

/** Median times by the server's own account, ms. */
export interface StreamAccount {
  /** From a request to its first token. */
  readonly firstTokenP50Ms: number;
  /** From one token to the next. */
  readonly tokenP50Ms: number;
}

/**
 * What the server says of the answers since some number of them.
 *
 * @param url Its base URL.
 * @param from How many there were before.
 * @returns The account, and how many there are now.
 */
export async function streamAccount(url: string, from: number): Promise<{ account: StreamAccount; until: number }> {
  const records = await (await fetch(`${url}/truth/log`)).json() as StreamRecord[];
  const own = records.slice(from);
  const medianOf = (read: (record: StreamRecord) => number) => quantile(ascending(own.map(read)), 0.5);
  return {
    until: records.length,
    account: {
      firstTokenP50Ms: medianOf(({ firstMs, cameMs }) => firstMs - cameMs),
      tokenP50Ms: medianOf(({ firstMs, lastMs, tokens, firstTokens }) => (lastMs - firstMs) / (tokens - firstTokens)),
    },
  };
}
