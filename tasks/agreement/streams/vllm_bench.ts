import { runProgram } from "../install.ts";
import type { StreamFigures, StreamLoad, StreamPeer } from "./stream_peer.ts";

/**
 * The client that comes with vLLM.
 *
 * @param program Path of `vllm`.
 * @param env Variables that it needs besides those of this process.
 */
export function vllmBench(program: string, env: Readonly<Record<string, string>>): StreamPeer {
  return {
    name: "vllm bench serve 0.32",
    note:
      "its first token is the first chunk with choices, an empty role included; its latency ends with the last of them",
    define: vllmDefinitions,
    async measure(load) {
      const folder = await Deno.makeTempDir({ prefix: "torchgauge_agreement_" });
      try {
        const prompts = load.prompts.map((prompt) => JSON.stringify({ prompt }));
        await Deno.writeTextFile(`${folder}/prompts.jsonl`, prompts.join("\n"));
        const { success, stdout, stderr } = await runProgram(program, argumentsFor(load), { env, cwd: folder });
        if (!success) throw new Error(`Cannot measure with vllm bench: ${stderr.slice(-2000) || stdout.slice(-2000)}`);
        return parseVllmBench(JSON.parse(await Deno.readTextFile(`${folder}/result.json`)), load.prompts.length);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
}

/** Its definitions: from the first event, a role included, to the last token. */
export const vllmDefinitions: StreamPeer["define"] = ({ sentAt, firstEventAt, lastTokenAt, outputTokens }) => ({
  firstTokenMs: firstEventAt - sentAt,
  tokenMs: (lastTokenAt - firstEventAt) / (outputTokens - 1),
  latencyMs: lastTokenAt - sentAt,
});

function argumentsFor({ url, model, tokenizer, prompts, outputTokens, concurrency }: StreamLoad): string[] {
  return [
    ...["bench", "serve", "--backend", "openai-chat", "--base-url", url, "--endpoint", "/v1/chat/completions"],
    ...["--model", model, "--tokenizer", tokenizer],
    ...["--dataset-name", "custom", "--dataset-path", "prompts.jsonl", "--skip-chat-template", "--disable-shuffle"],
    ...["--custom-output-len", String(outputTokens), "--num-prompts", String(prompts.length)],
    ...["--max-concurrency", String(concurrency), "--ignore-eos", "--temperature", "0"],
    ...["--num-warmups", String(concurrency), "--percentile-metrics", "ttft,tpot,itl,e2el"],
    ...["--save-result", "--result-filename", "result.json", "--disable-tqdm"],
  ];
}

/**
 * What its file of results says.
 *
 * @param result The file.
 * @param requests Requests that were to be answered.
 * @throws {RangeError} If some were not, or a figure is missing.
 */
export function parseVllmBench(result: Readonly<Record<string, unknown>>, requests: number): StreamFigures {
  if (result["completed"] !== requests) {
    throw new RangeError(
      `Cannot compare with vllm bench as every request must succeed: ${result["completed"]} of ${requests} did`,
    );
  }
  const number = (name: string): number => {
    const value = result[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new RangeError(`Cannot read the results of vllm bench as "${name}" must be a number: found ${value}`);
  };
  return {
    firstTokenMs: number("median_ttft_ms"),
    tokenMs: number("median_tpot_ms"),
    latencyMs: number("median_e2el_ms"),
    tokensPerSecond: number("output_throughput"),
  };
}
