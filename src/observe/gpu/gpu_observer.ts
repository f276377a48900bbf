import type { GpuRecord } from "./gpu_record.ts";

/** Predictions that had succeeded at a moment of the clock: what it gives tells them some time after it. */
export type PredictionsAt = (atMs: number) => () => number;

/** What GPUs do in one window. */
export interface GpuWindow {
  /**
   * The window has begun, or has ended. It waits for nothing: what is to be read then is read soon.
   *
   * @param edge Which.
   */
  readonly edge: (edge: "begin" | "end") => void;
  /**
   * What was seen; after its end.
   *
   * @returns Why not, where nothing was; `undefined` where nobody looked.
   */
  ended(): Promise<GpuRecord | string | undefined>;
}

/** Looks at the GPUs of a server from the beginning of a run to its end. It never fails a run. */
export interface GpuObserver extends AsyncDisposable {
  /** Whether there are GPUs that it reads; what a window then lacks is a surprise. */
  readonly hasGpus: boolean;
  /** The server is about to work: what was seen before was it at rest. */
  loadBegins(): void;
  /**
   * Begins to look at one window; one at a time.
   *
   * @param predictionsAt Tells how many had succeeded at a moment, some time after it.
   */
  window(predictionsAt: PredictionsAt): GpuWindow;
}

/**
 * An observer that sees nothing.
 *
 * @param reason Why; `undefined` where nobody asked.
 */
export function noGpu(reason?: string): GpuObserver {
  return {
    hasGpus: false,
    loadBegins() {},
    window: () => ({ edge() {}, ended: () => Promise.resolve(reason) }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
