import type { StartStage } from "../results/result.ts";

/** What each stage of a server's start ends with. */
export const START_STAGE_WORDS: Readonly<Record<StartStage, string>> = {
  portOpen: "port open",
  healthy: "healthy",
  modelReady: "model ready",
  firstPrediction: "first prediction",
  warmAgain: "warm again",
};
