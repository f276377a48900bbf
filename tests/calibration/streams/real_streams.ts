import { fileURLToPath } from "node:url";
import { connect } from "../../../src/protocols/connect.ts";
import type { Observation } from "../observation.ts";
import { firstLine } from "../real_server.ts";
import { besideTruth, tellStreams } from "./measure_streams.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { type ToldAnswer, TRUTH_MODEL } from "./stream_server.ts";
import { type StreamLimits, type StreamLoad, streamTruth } from "./stream_truth.ts";

/**
 * Runs the basic test once against a server of streams in a process of its own, over sockets.
 *
 * The truth is a long run of the same server without the tool, in which what it writes is as late as what it really wrote on
 * this machine, by its own account, and each request takes the way that a bare socket took.
 *
 * @param behaviour What the server means to do.
 * @param load What is sent.
 * @param limits What each request is held against.
 * @param seed Of the server and of the test.
 */
export async function observeStreams(
  behaviour: StreamBehaviour,
  load: StreamLoad,
  limits: StreamLimits,
  seed: number,
): Promise<readonly Observation[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"],
      fileURLToPath(new URL("stream_server.ts", import.meta.url)),
      ...[JSON.stringify(behaviour), String(seed)],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const port = Number(await firstLine(child.stdout));
    const url = `http://127.0.0.1:${port}`;
    const log = async () => await (await fetch(`${url}/truth/log`)).json() as ToldAnswer[];
    await using target = await connect(url, { model: TRUTH_MODEL, protocol: "openai" });
    const told = await tellStreams(target, load, limits, { seed });
    // The first answers are later.
    const latenessesMs = (await log()).slice(-told.succeeded - told.failed).map(({ latenessesMs }) => latenessesMs);
    const wayMs = await wayOf(port, log);
    return besideTruth(told, streamTruth(behaviour, load, limits, { latenessesMs, wayMs }));
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
async function wayOf(port: number, log: () => Promise<ToldAnswer[]>): Promise<number> {
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
