/** Every number that the analysis decides by. */
export const THRESHOLDS = {
  /** Cold overhead above this is worth preloading against, ms. */
  coldOverheadMs: 1000,
  /** A plateau at this batch size or a smaller one is early. */
  smallPlateauBatchSize: 4,
  /** Throughput lost from its highest to the highest concurrency above this is rapid, percent. */
  degradationPercent: 20,
  /** This share of failed requests or more is critical, 0 to 1. */
  criticalErrorRate: 0.1,
  /** Little's law must hold within this share, 0 to 1. */
  littlesLawDeviation: 0.05,
  /** From this share of latency on, the server's own time is what requests take, 0 to 1. */
  computeServerShare: 0.8,
  /**
   * From this share of time on, a GPU on which a kernel runs is busy, percent. A kernel need not fill it: that throughput grows
   * no more is told beside it.
   */
  busyGpuPercent: 90,
  /**
   * A GPU that takes no more power than so much of that before the first load does not work for the server alone. Over a second a
   * counter of its energy is off by up to a tenth.
   */
  restPowerRatio: 1.1,
  /** Under this share of time with a kernel, a GPU idles: it waits longer than it works, percent. */
  idleGpuPercent: 50,
  /** Under this share of time with a kernel, a server with no memory on a GPU does not use it, percent. */
  unusedGpuPercent: 1,
  /** From this share of time on, throttling limits what is measured: at half the clock it costs a tenth, 0 to 1. */
  limitingThrottledShare: 0.25,
  /** From this share of latency on, handing a request over and reading its answer is what it takes, 0 to 1. */
  transferShare: 0.5,
  /** Under this share of latency, most of it passes outside the server's own time, 0 to 1. */
  transferServerShare: 0.5,
  /** A client that takes this share of the machine's cores leaves the server up to a third less than it has alone, 0 to 1. */
  clientMachineShare: 0.25,
  /** From this share of time on a throttled GPU is a warning, 0 to 1. */
  throttledShare: 0.01,
  /** Levels whose GPUs ran at mean clocks that differ by more than this are said to, as a share of the lower. */
  clockDifference: 0.05,
  /** Warm-up requests are advised so many times as were seen to be needed. */
  warmUpMargin: 1.1,
  /** The same load faster by more than this in another test is drift, times. */
  driftRatio: 1.25,
  /** Concurrency must have grown this many times past saturation for queueing to be told. */
  queueingSpan: 2,
  /** Latency must then have grown by at least this share of what concurrency grew by, 0 to 1. */
  queueingLinearity: 0.7,
  /** Under this gain of throughput at saturation, requests are said to be answered one after the other, times. */
  serialGain: 1.2,
  /** Growth under this is no leak to act on: 1 MiB in 10,000 requests, bytes per request. */
  leakBytesPerRequest: 2 ** 20 / 10_000,
} as const;
