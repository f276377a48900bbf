import type { ModelDescription, ServerBatch } from "../core/protocol.ts";
import type { ClosedLoad } from "../results/window/load.ts";
import { noteFailure, restore } from "./model_cycle.ts";
import type { Session } from "./session.ts";
import { defaultOf } from "./settings/default_of.ts";
import type { ThroughputOptions } from "./settings/options.ts";
import { unlikeItems } from "./unlike_items.ts";

/** How batches of different sizes are offered to a server. */
export interface Batching {
  /** Who makes them: the client puts items into one request, or the server joins single requests. */
  readonly by: "request" | "server";
  /** The sizes that can be had, in the order in which they were asked for. */
  readonly batchSizes: readonly number[];
  /** What to offer for one size, with so many batches outstanding. */
  loadOf(batchSize: number, concurrency: number): ClosedLoad;
  /** Makes a size ready; false, with the reason in `absences.levels`, where it cannot be had, or the server refuses it. */
  prepare(batchSize: number): Promise<boolean>;
  /** Leaves the server as it was found. */
  restore(): Promise<void>;
}

/**
 * Batch sizes that a model takes in one request: its largest stands for all above it.
 *
 * @param description The model.
 * @param batchSizes The sizes that are wanted.
 */
export function takenSizes(
  { maxBatchSize }: Pick<ModelDescription, "maxBatchSize">,
  batchSizes: readonly number[],
): readonly number[] {
  return [...new Set(batchSizes.map((size) => Math.min(size, maxBatchSize ?? size)))];
}

/**
 * Finds out how this server can be given batches: items in one request where the model takes them; else by having the
 * server make batches, and sending as many single requests at once; else there is only the size 1, and
 * `absences.levels` says why.
 *
 * @param session The test.
 * @param batchSizes The sizes that are wanted.
 * @param options Longest that the server may wait for a batch to fill, by default what it is set to, and whether the model
 *     must stay as it is.
 */
export async function batchingOf(
  session: Session,
  batchSizes: readonly number[],
  { maxBatchDelayMs, noUnload = false }: Pick<ThroughputOptions, "maxBatchDelayMs" | "noUnload"> = {},
): Promise<Batching> {
  const { target: { protocol, model, description }, options: { signal }, windows, clock } = session;
  const inRequests: Batching = {
    by: "request",
    batchSizes,
    loadOf: (batchSize, concurrency) => ({ kind: "closed", batchSize, concurrency }),
    prepare: () => Promise.resolve(true),
    restore: () => Promise.resolve(),
  };
  const alone: Batching = {
    ...inRequests,
    batchSizes: [1],
    prepare: (batchSize) => Promise.resolve(batchSize === 1),
  };
  const loadTimeoutMs = session.options.loadTimeoutMs ?? defaultOf("loadTimeoutMs");
  const unlike = unlikeItems(description);
  const isOneItem = unlike === null && description.maxBatchSize === 1;
  let before: ServerBatch | null = null, unknown: string | undefined;
  try {
    if (isOneItem && protocol.setServerBatch !== undefined && !noUnload) {
      before = await protocol.serverBatch?.(model) ?? null;
    }
  } catch (error) {
    unknown = await noteFailure(session, error);
  }
  // A server that is set to join several would wait for them.
  if (batchSizes.every((size) => size === 1) && (before?.batchSize ?? 1) === 1) return inRequests;
  if (unlike !== null) {
    session.absences["levels"] = `items of one batch must be of one shape: ${unlike}`;
    return alone;
  }
  if (!isOneItem) {
    const taken = takenSizes(description, batchSizes);
    const tooLarge = batchSizes.filter((size) => !taken.includes(size));
    if (tooLarge.length > 0) {
      session.absences["levels"] = `batches of ${
        tooLarge.join(", ")
      }: the model takes at most ${description.maxBatchSize} items in a request`;
    }
    return { ...inRequests, batchSizes: taken };
  }
  if (before === null) {
    const why = unknown ?? protocol.lacks?.setServerBatch ??
      (noUnload
        ? "the model was not to be registered anew"
        : description.sequence === undefined
        ? "its inputs have no batch dimension"
        : "it is stateful, and a step of a sequence is one item");
    session.absences["levels"] = `the model takes one item in a request: ${why}`;
    return alone;
  }
  const call = { loadTimeoutMs, ...(signal === undefined ? {} : { signal }) };
  return {
    ...byServer(batchSizes),
    async prepare(batchSize) {
      // Its workers may be started anew for it: the GPU is at rest no more, or without a model.
      windows.gpu.loadBegins();
      windows.modelLoaded(clock.now());
      try {
        await protocol.setServerBatch!(model, { batchSize, maxDelayMs: maxBatchDelayMs ?? before.maxDelayMs }, call);
        return true;
      } catch (error) {
        session.absences["levels"] = `batch ${batchSize}: ${await noteFailure(session, error)}`;
        return false;
      }
    },
    restore: () => restore(session, loadTimeoutMs),
  };
}

/** As many single requests at once as fill the batches. */
function byServer(batchSizes: readonly number[]): Pick<Batching, "by" | "batchSizes" | "loadOf"> {
  return {
    by: "server",
    batchSizes,
    loadOf: (batchSize, concurrency) => ({
      kind: "closed",
      batchSize: 1,
      concurrency: batchSize * concurrency,
      serverBatchSize: batchSize,
    }),
  };
}
