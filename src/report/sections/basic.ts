import type { BasicResult } from "../../results/kinds/basic.ts";
import { rateOf } from "../../results/window/load.ts";
import { isOpen } from "../../results/window/window.ts";
import { type Inline, say } from "../../words/inline.ts";
import {
  inlineEstimate,
  inlineNumber,
  inlineRate,
  inlineTime,
  inlineTimeEstimate,
  inlineTimeValue,
} from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import { counted, shareInWords } from "../../words/words.ts";
import { type Block, type Fact, fact, facts, type FactValue, heading, remark, subheading } from "./block.ts";
import { clientFacts, clientPartFacts } from "./window/client_time.ts";
import { firstTokenBlocks } from "./window/first_token_parts.ts";
import { goodputFacts } from "./window/goodput.ts";
import { gpuFacts } from "./window/gpu.ts";
import { serverTimeFacts } from "./window/server_time.ts";
import { streamingBlocks } from "./window/streaming.ts";
import { cutFacts, figureValue, isCut, latencyFacts, notices, precisionFacts, successFacts } from "./shared.ts";
import { weightFacts } from "./window/weight_facts.ts";

function loadOf({ load, mostOutstanding }: BasicResult): Inline {
  if (load.kind === "closed") return say`concurrency ${load.concurrency}`;
  const rate = inlineNumber(rateOf(load.arrivals) ?? 0, UNITS.requestsPerSecond);
  return say`${rate} offered (open loop), at most ${mostOutstanding ?? "?"} outstanding`;
}

/** What an open loop has to say besides: whether the server kept up, and the client with its own clock. */
function offeredFacts(result: BasicResult): Fact[] {
  if (!isOpen(result)) return [];
  const { saturated, unanswered, latenessMs = null, serviceMs = null } = result;
  const given = unanswered > 0 ? `, ${unanswered} requests were not answered` : "";
  return [
    saturated === null
      ? fact(
        "Saturated",
        `cannot tell whether the server kept up${given}; a longer run tells, or a load further from its limit`,
      )
      : saturated
      ? fact("Saturated", `the server did not keep up${given}; latencies grow with the length of the run`)
      : remark("The server kept up; latencies count from the moment due"),
    ...(latenessMs === null ? [] : [fact("Send lateness", say`p95 ${inlineTimeValue(latenessMs.p95)}`)]),
    ...(serviceMs === null ? [] : [fact("Latency from sending", say`${inlineTimeEstimate(serviceMs.mean)} average`)]),
  ];
}

function cacheFacts({ cache, firstTokenMs }: BasicResult): Fact[] {
  if (cache === undefined) return [];
  // Of a language model it may be the prompt alone that is known again.
  const label = firstTokenMs === undefined ? "Response cache" : "Response or prefix cache";
  const { ratio, verdict, because } = cache;
  const times = ratio === null ? because ?? "" : say`${inlineEstimate(ratio, UNITS.times)} as fast as new ones`;
  if (verdict === "cache") return [fact(label, say`answers repeated requests ${times}`, "warning")];
  const said = verdict === "no cache seen" ? "none seen" : verdict;
  return [fact(label, ratio === null ? `${said}: ${times}` : say`${said}: repeated requests ${times}`)];
}

function throughputOf(result: BasicResult): FactValue {
  const { predictionsPerSecond, batchSize, clientLimited } = result;
  return figureValue(result, "requests_per_second", (rate) => {
    const requests = inlineRate(rate, UNITS.requestsPerSecond, clientLimited);
    return batchSize === 1 || predictionsPerSecond === null
      ? requests
      : say`${requests}, ${inlineRate(predictionsPerSecond, UNITS.predictionsPerSecond, clientLimited)}`;
  });
}

function serverTimeOf(result: BasicResult): FactValue {
  const { latencyMs } = result;
  return figureValue(result, "server_time_mean", (mean) => {
    const time = inlineTimeEstimate(mean);
    if (latencyMs === null) return time;
    return say`${time} (${shareInWords(mean.value / latencyMs.mean.value)} of latency)`;
  });
}

/** One run at one concurrency and batch size, or at one arrival rate. */
export function basicSection(result: BasicResult): Block[] {
  const { latencyMs, batchSize, durationMs, succeeded, converged } = result;
  return [
    heading(2, "Basic test results", { emoji: "🚀" }),
    ...notices(result),
    facts([
      fact("Load", say`${loadOf(result)}, batch size ${batchSize}, ${inlineTime(durationMs)}`),
      ...offeredFacts(result),
      fact("Throughput", throughputOf(result)),
      ...goodputFacts(result),
      ...successFacts(result),
      ...gpuFacts(result, result),
      ...cacheFacts(result),
      ...cutFacts(result),
      ...precisionFacts(succeeded === 0 || converged || isCut(result)),
    ]),
    subheading("Latency", counted(latencyMs?.n, "sample")),
    facts(
      latencyMs === null ? [remark(figureValue(result, "latency_mean", inlineTimeEstimate))] : [
        ...latencyFacts(latencyMs),
        ...clientPartFacts([result]),
        ...weightFacts(result),
        fact("First byte", figureValue(result, "first_byte_mean", inlineTimeEstimate)),
        fact("Server time", serverTimeOf(result)),
        ...serverTimeFacts(result, result.server),
        ...clientFacts(result),
      ],
    ),
    ...streamingBlocks(result),
    ...firstTokenBlocks(result, result),
  ];
}
