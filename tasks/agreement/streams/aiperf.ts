import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../python_environment.ts";
import { runProgram } from "../install.ts";
import type { StreamFigures, StreamLoad, StreamPeer } from "./stream_peer.ts";

const REQUIREMENTS = fileURLToPath(new URL("aiperf_requirements.txt", import.meta.url));

/** With `HF_HUB_OFFLINE` it takes no tokenizer from a folder; of one in a folder no hub is asked either way. */
const ENV = { HF_HUB_DISABLE_TELEMETRY: "1", DO_NOT_TRACK: "1" } as const;

/**
 * NVIDIA's AIPerf, in a Python environment of its own.
 *
 * @param say Is told what takes long.
 */
export async function aiperf(say: (line: string) => void): Promise<StreamPeer> {
  const venv = await pythonEnvironment("aiperf-venv", REQUIREMENTS, say);
  return {
    name: "AIPerf 0.13",
    note:
      "its first token is the first with content, as torchgauge's; its latency ends with the last of them; its time per " +
      "token is called ITL and takes one token for the first chunk",
    define: aiperfDefinitions,
    async measure(load) {
      const folder = await Deno.makeTempDir({ prefix: "torchgauge_agreement_" });
      try {
        const prompts = load.prompts.map((text) => JSON.stringify({ text }));
        await Deno.writeTextFile(`${folder}/prompts.jsonl`, prompts.join("\n"));
        const { success, stdout, stderr } = await runProgram(`${venv}/bin/aiperf`, argumentsFor(load, folder), {
          env: ENV,
          cwd: folder,
        });
        if (!success) throw new Error(`Cannot measure with AIPerf: ${stderr.slice(-2000) || stdout.slice(-2000)}`);
        return parseAiperf(JSON.parse(await Deno.readTextFile(`${folder}/out/profile_export_aiperf.json`)), load);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
}

/** Its definitions: from the first token to the last, of which the first event has one. */
export const aiperfDefinitions: StreamPeer["define"] = ({ sentAt, firstTokenAt, lastTokenAt, outputTokens }) => ({
  firstTokenMs: firstTokenAt - sentAt,
  tokenMs: (lastTokenAt - firstTokenAt) / (outputTokens - 1),
  latencyMs: lastTokenAt - sentAt,
});

function argumentsFor(load: StreamLoad, folder: string): string[] {
  const { url, model, tokenizer, prompts, outputTokens, concurrency } = load;
  return [
    ...["profile", "--model", model, "--url", url, "--endpoint-type", "chat", "--streaming", "--tokenizer", tokenizer],
    ...["--input-file", `${folder}/prompts.jsonl`, "--custom-dataset-type", "single_turn"],
    ...["--request-count", String(prompts.length), "--concurrency", String(concurrency)],
    ...["--warmup-request-count", String(concurrency), "--use-server-token-count"],
    ...["--extra-inputs", `max_tokens:${outputTokens}`, "--extra-inputs", `min_tokens:${outputTokens}`],
    ...["--extra-inputs", "ignore_eos:true", "--extra-inputs", "temperature:0"],
    ...["--artifact-dir", `${folder}/out`, "--ui", "none", "--no-gpu-telemetry", "--no-server-metrics"],
  ];
}

/**
 * What its file of results says.
 *
 * @param result The file.
 * @param load What was asked for.
 * @throws {RangeError} If a request failed, or a figure is missing.
 */
export function parseAiperf(
  result: Readonly<Record<string, unknown>>,
  { prompts }: Pick<StreamLoad, "prompts">,
): StreamFigures {
  const number = (name: string, field: "p50" | "avg"): number => {
    const value = (result[name] as Readonly<Record<string, unknown>> | undefined)?.[field];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new RangeError(`Cannot read the results of AIPerf as "${name}" must have "${field}": found ${value}`);
  };
  const answered = number("request_count", "avg");
  if (answered !== prompts.length) {
    throw new RangeError(
      `Cannot compare with AIPerf as every request must succeed: ${answered} of ${prompts.length} did`,
    );
  }
  return {
    firstTokenMs: number("time_to_first_token", "p50"),
    tokenMs: number("inter_token_latency", "p50"),
    latencyMs: number("request_latency", "p50"),
    tokensPerSecond: number("output_token_throughput", "avg"),
  };
}
