import type { Target } from "../../core/target.ts";
import { bodyLength } from "../../core/wire_body.ts";
import { generateInputs } from "../../items/generate_inputs.ts";
import { requestOptionsOf } from "../../measure/request_options.ts";
import { checkBytesInFlight } from "../../measure/settings/caps.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { TestName } from "../../measure/settings/setting.ts";
import type { RunOptions } from "../options/given_options.ts";

/** What is asked of the tests, the moments of a trace among it. */
type LoadOptions = RunOptions & { readonly traceMs?: readonly number[] };

/** Samples that are looked at for the largest. */
const SAMPLES = 16;

/**
 * Refuses a load whose requests are too large for so many of them at once, before any is sent.
 *
 * @param target Where it goes.
 * @param kinds The tests.
 * @param options What was asked of them.
 * @throws {UsageError} If it is above the cap, and heavy load is not allowed.
 */
export function checkLoadInFlight(target: Target, kinds: readonly TestName[], options: LoadOptions): void {
  if (options.heavyLoad === true) return;
  const itemBytes = bytesOfItem(target, options);
  for (const kind of kinds) {
    const { requests, items } = mostInFlight(kind, options);
    checkBytesInFlight(requests, items * itemBytes);
  }
}

/** Bytes of a request of one item, its largest where items are given. */
function bytesOfItem(target: Target, options: RunOptions): number {
  const { model, protocol, description } = target;
  const spec = description.input;
  const to = spec.kind === "samples" ? Math.min(SAMPLES, spec.samples.length) : 1;
  const items = generateInputs({ spec, from: 0, to, seed: defaultOf("seed"), varies: false });
  const how = requestOptionsOf(target, options);
  return Math.max(0, ...items.map((item) => bodyLength(protocol.encode(model, [item], how).body)));
}

/** Most requests of a test that are on their way at once, as far as it is known before, and the items of each. */
function mostInFlight(kind: TestName, options: LoadOptions): { readonly requests: number; readonly items: number } {
  const { concurrency = defaultOf("concurrency", options, kind), batchSize: items = defaultOf("batchSize") } = options;
  const batchSizes = options.batchSizes ?? defaultOf("batchSizes", options, kind);
  switch (kind) {
    case "throughput":
    case "memory":
      return { requests: concurrency, items: Math.max(...batchSizes) };
    case "scalability":
      return { requests: Math.max(...options.levels ?? defaultOf("levels", options)), items };
    case "latency":
      return { requests: 1, items };
    case "load":
      return {
        requests: withinASecond(options, [...options.rates ?? [], ...Object.values(options.ramp ?? {})]),
        items,
      };
    default:
      return {
        requests: options.ratePerSecond === undefined ? concurrency : withinASecond(options, [options.ratePerSecond]),
        items,
      };
  }
}

/** Requests of an open loop that are due within a second, as far as it has connections. */
function withinASecond(options: LoadOptions, rates: readonly number[]): number {
  const { maxConnections = defaultOf("maxConnections"), burst = defaultOf("burst"), traceMs = [] } = options;
  const bursts = Math.max(1, Math.ceil(Math.max(...rates, 0) / burst));
  return Math.min(maxConnections, Math.max(bursts * burst, densest(traceMs)));
}

/** Most moments within a second. */
function densest(timesMs: readonly number[]): number {
  let most = 0;
  for (let last = 0; last < timesMs.length; last++) if (timesMs[last]! - timesMs[last - most]! < 1000) most++;
  return most;
}
