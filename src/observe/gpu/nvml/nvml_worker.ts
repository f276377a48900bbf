/**
 * Calls NVML in a thread of its own and answers the questions of {@linkcode NvmlThread}, in their order.
 *
 * @module
 */
import type { Absent } from "../../absent.ts";
import { Nvml } from "./nvml.ts";
import type { NvmlAnswers, NvmlQuestion, NvmlReply } from "./nvml_thread.ts";

/** What a worker's global scope offers; the compiler takes this file for one of the main thread. */
const worker = self as unknown as {
  postMessage(message: NvmlReply): void;
  onmessage: (event: MessageEvent<NvmlQuestion>) => void;
};

let nvml: Nvml | null = null;

function answerTo({ kind, library }: NvmlQuestion): NvmlAnswers[keyof NvmlAnswers] | Absent {
  try {
    if (kind === "open") return (nvml = new Nvml(library!)).devices;
    if (kind !== "close") return nvml![kind]();
    nvml?.close();
    return nvml = null;
  } catch (error) {
    return { absent: error instanceof Error ? error.message : String(error) };
  }
}

worker.onmessage = ({ data }) => worker.postMessage({ number: data.number, answer: answerTo(data) });
