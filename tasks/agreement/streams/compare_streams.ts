import { startEmbeddedServer } from "../../../src/embedded/start.ts";
import { alignColumns } from "../../../src/report/text/align.ts";
import { type LiveEnvironment, liveEnvironment } from "../../../tests/live/environment.ts";
import { NO_HUB, TINY_LLAMA } from "../../../tests/live/servers/tiny_llama.ts";
import { startVllm } from "../../../tests/live/servers/vllm.ts";
import { whyNoPython } from "../../python_environment.ts";
import { prepareVenv } from "../../test_live.ts";
import { agreementOf, type PairOf } from "../agreement.ts";
import { MissingToolError } from "../peer.ts";
import { aiperf } from "./aiperf.ts";
import { measureOwn, redefined } from "./own.ts";
import { promptsOf } from "./prompts.ts";
import { STREAM_FIGURES, type StreamFigures, type StreamLoad, type StreamPeer } from "./stream_peer.ts";
import { vllmBench } from "./vllm_bench.ts";

/** The servers of language models, and the model of each. */
export const STREAM_SERVERS = { vllm: TINY_LLAMA, llama: "llama_tiny" } as const;

/** How streams are compared. */
export interface StreamComparison {
  readonly server: keyof typeof STREAM_SERVERS;
  readonly pairs: number;
  readonly concurrencies: readonly number[];
  /** Requests of each run. */
  readonly requests: number;
}

const OUTPUT_TOKENS = 32, PROMPT_WORDS = 64;
const TITLES: Readonly<Record<keyof StreamFigures, string>> = {
  firstTokenMs: "time to first token, ms",
  tokenMs: "time per output token, ms",
  latencyMs: "latency, ms",
  tokensPerSecond: "output tokens/s",
};
const HEAD = ["streams", "median", "torchgauge", "other", "ratio", "90 % interval", "by its definitions"];

/** One run of each. */
interface Round {
  readonly own: StreamFigures;
  /** By the other's definitions, from our moments. */
  readonly redefined: StreamFigures;
  readonly peer: StreamFigures;
}

/**
 * Whether AIPerf and `vllm bench serve` measure the same on one server: by the definitions of each, and by theirs from our
 * moments.
 *
 * @param comparison What is compared.
 * @param say Is told what is done.
 * @param print Is given each table once it is measured.
 * @throws {MissingToolError} If there is no Python for the tools.
 */
export async function compareStreams(
  comparison: StreamComparison,
  say: (line: string) => void,
  print: (lines: readonly string[]) => void,
): Promise<void> {
  const { server, pairs, concurrencies, requests } = comparison;
  const reason = await whyNoPython();
  if (reason !== null) throw new MissingToolError(`Cannot install the other tools as Python is needed: ${reason}`);
  const environment = liveEnvironment("vllm", await prepareVenv("vllm"));
  if (typeof environment === "string") throw new MissingToolError(`Cannot run vLLM: ${environment}`);
  const peers = [vllmBench(environment.programPath("vllm"), NO_HUB), await aiperf(say)];
  await using started = await start(server, environment, Math.max(...concurrencies));
  print([
    `${STREAM_SERVERS[server]} on ${server === "vllm" ? "vLLM 0.32" : "the embedded server"}: ${requests} prompts of ` +
    `${PROMPT_WORDS} words a run, ${OUTPUT_TOKENS} tokens each; ${pairs} pairs, alternately; ratio torchgauge / other`,
  ]);
  let seed = 0;
  for (const concurrency of concurrencies) {
    const load = (): StreamLoad => ({
      url: started.url,
      model: STREAM_SERVERS[server],
      tokenizer: environment.tinyLlama,
      prompts: promptsOf(requests, PROMPT_WORDS, ++seed),
      outputTokens: OUTPUT_TOKENS,
      concurrency,
    });
    await measureOwn(load());
    for (const peer of peers) {
      const rounds: Round[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        say(`${concurrency} streams, pair ${pair + 1} of ${pairs}: ${peer.name}`);
        rounds.push(await measurePair(peer, load, pair % 2 === 1));
      }
      print([
        "",
        `other = ${peer.name}: ${peer.note}`,
        ...alignColumns(
          spaced([HEAD, ...rowsOf(concurrency, rounds)]),
          ["right", "left", "right", "right", "right", "right", "right"],
        ),
      ]);
    }
  }
}

/** In the order ABBA, and so on: what drifts meets both alike. */
async function measurePair(peer: StreamPeer, load: () => StreamLoad, peerFirst: boolean): Promise<Round> {
  const before = peerFirst ? await peer.measure(load()) : null;
  const { figures, requests } = await measureOwn(load());
  return { own: figures, redefined: redefined(requests, peer), peer: before ?? await peer.measure(load()) };
}

function rowsOf(concurrency: number, rounds: readonly Round[]): string[][] {
  return STREAM_FIGURES.map((figure) => {
    const { own, peer, ratio: { value, low, high } } = agreementOf<keyof StreamFigures>(rounds, figure);
    const alike: PairOf<StreamFigures>[] = rounds.map(({ redefined: own, peer }) => ({ own, peer }));
    return [
      String(concurrency),
      TITLES[figure],
      own.toFixed(2),
      peer.toFixed(2),
      value.toFixed(3),
      low === null || high === null ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`,
      agreementOf<keyof StreamFigures>(alike, figure).ratio.value.toFixed(3),
    ];
  });
}

function start(
  server: StreamComparison["server"],
  environment: LiveEnvironment,
  slots: number,
): Promise<{ readonly url: string } & AsyncDisposable> {
  return server === "vllm"
    ? startVllm(environment, { slots })
    : startEmbeddedServer({ models: [STREAM_SERVERS.llama] });
}

/** Cells two spaces apart. */
function spaced(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map((cell, column) => column === 0 ? cell : ` ${cell}`));
}
