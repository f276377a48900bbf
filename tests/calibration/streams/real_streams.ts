import { fileURLToPath } from "node:url";
import { connect } from "../../../src/protocols/connect.ts";
import type { Observation } from "../observation.ts";
import { firstLine } from "../real_server.ts";
import { besideTruth, tellStreams } from "./measure_streams.ts";
import type { StreamBehaviour, StreamRecord } from "./stream_behaviour.ts";
import { TRUTH_MODEL } from "./stream_server.ts";
import { type StreamLimits, type StreamLoad, truthOf } from "./stream_truth.ts";

/** A run has settled so long after its first request, ms: as all begin at once, the first answers are not as those in the long run. */
const SETTLED_MS = 1500;

/**
 * Runs the basic test again and again against one server of streams in a process of its own, over sockets. The truth is what the
 * server says of all these runs together: what it was late on a busy machine is late in the truth.
 *
 * @param behaviour What the server means to do.
 * @param load What is sent.
 * @param limits What each request is held against.
 * @param seeds One for each run.
 * @returns What each run said beside the truth.
 */
export async function observeStreams(
  behaviour: StreamBehaviour,
  load: StreamLoad,
  limits: StreamLimits,
  seeds: readonly number[],
): Promise<readonly (readonly Observation[])[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"],
      ...[fileURLToPath(new URL("stream_server.ts", import.meta.url)), JSON.stringify(behaviour)],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const port = Number(await firstLine(child.stdout));
    const url = `http://127.0.0.1:${port}`;
    const log = async () => await (await fetch(`${url}/truth/log`)).json() as StreamRecord[];
    const wayMs = await wayOf(port, log);
    await using target = await connect(url, { model: TRUTH_MODEL, protocol: "openai" });
    const runs = [];
    let settled: StreamRecord[] = [], seconds = 0;
    for (const seed of seeds) {
      const before = (await log()).length;
      runs.push(await tellStreams(target, load, limits, { seed }));
      const records = (await log()).slice(before);
      const fromMs = Math.min(...records.map(({ cameMs }) => cameMs)) + SETTLED_MS;
      const own = records.filter(({ endedMs }) => endedMs > fromMs);
      settled = [...settled, ...own];
      seconds += (Math.max(...own.map(({ endedMs }) => endedMs)) - fromMs) / 1000;
    }
    // What arrives in the long run is known.
    const truth = truthOf(
      settled,
      "ratePerSecond" in load ? settled.length / load.ratePerSecond : seconds,
      limits,
      wayMs,
    );
    return runs.map((told) => besideTruth(told, truth));
  } finally {
    child.kill();
    await child.status;
  }
}

/** Requests of the reference, and those before them. */
const REFERENCES = 40, BEFORE = 10;

/**
 * What the way to the server and back adds to the first token of a request, ms: the median of what a bare socket sees less what
 * the server says that it took.
 */
async function wayOf(port: number, log: () => Promise<StreamRecord[]>): Promise<number> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  const body = JSON.stringify({
    model: TRUTH_MODEL,
    stream: true,
    messages: [{ role: "user", content: "a few words" }],
  });
  const request = new TextEncoder().encode(
    "POST /v1/chat/completions HTTP/1.1\r\nhost: truth\r\ncontent-type: application/json\r\n" +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  const buffer = new Uint8Array(65_536);
  const seenMs: number[] = [];
  for (let i = 0; i < BEFORE + REFERENCES; i++) {
    const sentAt = performance.now();
    await socket.write(request);
    let text = "", firstAt = NaN;
    while (!text.endsWith("\r\n0\r\n\r\n")) {
      const length = await socket.read(buffer);
      if (length === null) {
        throw new Error("Cannot measure the way to the server of streams as it must answer: it closed");
      }
      if (Number.isNaN(firstAt) && length > 0 && text.length > 0) firstAt = performance.now();
      text += new TextDecoder().decode(buffer.subarray(0, length));
    }
    seenMs.push(firstAt - sentAt);
  }
  const records = await log();
  const waysMs = records.slice(-REFERENCES).map(({ firstMs, cameMs }, i) => seenMs[BEFORE + i]! - (firstMs - cameMs));
  return waysMs.toSorted((a, b) => a - b)[REFERENCES >> 1]!;
}
