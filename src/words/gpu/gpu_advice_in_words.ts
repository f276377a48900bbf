import type { Recommendation } from "../../results/recommendation.ts";
import { type ThrottleReason, throttleReasons } from "../../results/window/gpu_use.ts";
import { energyInWords, tradeInWords } from "../efficiency_in_words.ts";
import { throttledShareInWords } from "./gpu_in_words.ts";
import { idleDevicesInWords, loadPointInWords } from "./gpu_limit_in_words.ts";
import { say } from "../inline.ts";
import type { Statement } from "../statement.ts";
import { useInWords } from "../words.ts";

type Of<Code extends Recommendation["code"]> = Extract<Recommendation, { code: Code }>;

function efficientPointInWords({ evidence }: Of<"efficient-point">): Statement {
  const { mostEfficient, fastest } = evidence;
  const { batchSize, concurrency, batching } = mostEfficient ?? fastest;
  const energy = energyInWords(mostEfficient, fastest) ?? [];
  return {
    label: say`${useInWords(batchSize, concurrency ?? 1, batching)} for the least energy`,
    evidence: say`${energy}; ${tradeInWords(evidence)}`,
  };
}

function relieveHostInWords({ evidence }: Of<"relieve-host">): Statement {
  const { gpu, largerBatchesTried, largestBatch = false } = evidence;
  return {
    label: say`Give the GPU more work at a time (${
      largerBatchesTried || largestBatch ? "" : "larger batches, "
    }several workers, CUDA graphs, torch.compile, pinned memory)`,
    evidence: say`at ${loadPointInWords(gpu)} it waits most of the time${
      largerBatchesTried ? "; larger batches were tried and bring no more" : ""
    }`,
  };
}

const REMEDIES: Readonly<Record<ThrottleReason, string>> = {
  power: "Raise the GPU's power limit, or take this rate for what its power allows",
  thermal: "Cool the GPU better (air flow, dust, the temperature of the room)",
  other: "Look for what slows the GPU down (its power supply, clocks that are tied to another device)",
};

function unthrottleInWords({ evidence }: Of<"unthrottle">): Statement {
  const { gpu, throttledShare } = evidence;
  return {
    label: say`${REMEDIES[throttleReasons(evidence)[0] ?? "other"]}`,
    evidence: say`at ${loadPointInWords(gpu)} it ran below its clock ${
      throttledShareInWords(throttledShare)
    } of the time`,
  };
}

/** What to do about the GPUs of the server, and what it rests on. */
export function gpuAdviceInWords(
  advice: Of<"efficient-point" | "relieve-host" | "unthrottle" | "use-idle-gpus">,
): Statement {
  switch (advice.code) {
    case "efficient-point":
      return efficientPointInWords(advice);
    case "relieve-host":
      return relieveHostInWords(advice);
    case "unthrottle":
      return unthrottleInWords(advice);
    case "use-idle-gpus": {
      const { gpu, idleDevices } = advice.evidence;
      return {
        label: say`Have every GPU work, by a worker or a replica on each`,
        evidence: say`${idleDevicesInWords(idleDevices)} at ${loadPointInWords(gpu)}`,
      };
    }
  }
}
