import { fileURLToPath } from "node:url";
import { connect } from "../../../src/protocols/connect.ts";
import type { Observation } from "../observation.ts";
import { firstLine } from "../real_server.ts";
import { besideTruth, tellStreams } from "./measure_streams.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { type ToldAnswer, TRUTH_MODEL } from "./stream_server.ts";
import { type StreamLimits, type StreamLoad, streamTruth } from "./stream_truth.ts";
import { WayProbe } from "./way_probe.ts";

/** A server of streams in a process of its own. */
export interface StreamProcess extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Its answers so far, in the order in which they ended. */
  log(): Promise<ToldAnswer[]>;
}

/**
 * Starts a server of streams.
 *
 * @param behaviour What it means to do.
 * @param seed Of everything random.
 */
export async function startStreamServer(behaviour: StreamBehaviour, seed: number): Promise<StreamProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      // It reads the module of the thread that keeps its time.
      ...["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"],
      fileURLToPath(new URL("stream_server.ts", import.meta.url)),
      ...[JSON.stringify(behaviour), String(seed)],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const port = Number(await firstLine(child.stdout));
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    log: async () => await (await fetch(`${url}/truth/log`)).json(),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await child.status;
    },
  };
}

/**
 * Runs the basic test once against a server of streams in a process of its own, over sockets.
 *
 * The truth is a long run of the same server without the tool, in which what it writes is as late as what it really wrote on
 * this machine, and a closed loop's next request comes as long after an answer as it really did, both by the server's account,
 * and each request and answer takes a way that a bare socket took meanwhile.
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
  await using server = await startStreamServer(behaviour, seed);
  await using target = await connect(server.url, { model: TRUTH_MODEL, protocol: "openai" });
  using probe = new WayProbe(server.port);
  const told = await tellStreams(target, load, limits, { seed });
  const ways = await probe.end();
  // The first answers are later.
  const met = (await server.log()).slice(-told.succeeded - told.failed);
  const truth = streamTruth(behaviour, load, limits, {
    latenessesMs: met.map(({ latenessesMs }) => latenessesMs),
    restsMs: met.flatMap(({ restMs }) => restMs ?? []),
    ways,
  });
  return besideTruth(told, truth);
}
