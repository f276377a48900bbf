import type { Target } from "../../src/core/target.ts";
import { connect } from "../../src/protocols/connect.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import type { TruthLog } from "./truth_server.ts";

/** A truth server in its own process. */
export interface RealServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
  /** To be measured. */
  readonly target: Target;
  /** What really happened so far. */
  log(): Promise<TruthLog>;
}

/**
 * Starts a truth server and connects to it.
 *
 * @param behaviour What it does.
 * @param seed Of everything random.
 */
export async function startRealServer(behaviour: ServerBehaviour, seed: number): Promise<RealServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--v8-flags=--expose-gc",
      new URL("truth_server.ts", import.meta.url).pathname,
      JSON.stringify({ behaviour, seed }),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const close = async () => {
    await child.stdin.close();
    await child.status;
  };
  try {
    const url = `http://127.0.0.1:${await firstLine(child.stdout)}`;
    const target = await connect(url, { model: "truth" });
    return {
      url,
      target,
      log: async () => await (await fetch(`${url}/truth/log`)).json() as TruthLog,
      [Symbol.asyncDispose]: async () => {
        await target.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.includes("\n")) break;
  }
  await reader.cancel();
  return text.trim();
}

/** Requests of the reference: enough to know a mean of some tenths of a millisecond. */
const REFERENCE_REQUESTS = 150;

/**
 * What the way over loopback and the server's timers add to latencies, ms: what a plain client sees less what the server meant
 * to take. It is measured apart from the tool and from the server under test.
 *
 * @param behaviour Its service time is used, without anything that passes.
 * @param seed Of everything random.
 */
export async function measureOverheadsMs({ service }: ServerBehaviour, seed: number): Promise<number[]> {
  await using server = await startRealServer({ service }, seed);
  const body = JSON.stringify({ inputs: "a few words" });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body };
  const latenciesMs: number[] = [];
  const warmUp = 20;
  for (let i = 0; i < warmUp + REFERENCE_REQUESTS; i++) {
    const sentAt = performance.now();
    await (await fetch(`${server.url}/truth/predict`, request)).arrayBuffer();
    latenciesMs.push(performance.now() - sentAt);
  }
  const { served } = await server.log();
  return latenciesMs.map((ms, i) => ms - served[i]!.plannedMs).slice(warmUp);
}
