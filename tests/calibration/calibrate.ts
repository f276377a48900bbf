import type { Observation } from "./observation.ts";
import { latenessesMs, measureWayMs, startRealServer } from "./real_server.ts";
import type { Scenario } from "./scenarios.ts";
import { openVirtualServer } from "./virtual_server.ts";

/** What one run said, and how long it took in its own time. */
export interface TimedObservations {
  /** What it said. */
  readonly observations: readonly Observation[];
  /** From its begin to its end, ms. */
  readonly durationMs: number;
}

/**
 * Runs one scenario once in virtual time.
 *
 * @param scenario Server and test.
 * @param seed Of the server and of the test.
 */
export async function observeVirtually(scenario: Scenario, seed: number): Promise<readonly Observation[]> {
  return (await timeVirtually(scenario, seed)).observations;
}

/**
 * The same, and how long it took in virtual time.
 *
 * @param scenario Server and test.
 * @param seed Of the server and of the test.
 */
export async function timeVirtually(scenario: Scenario, seed: number): Promise<TimedObservations> {
  const behaviour = scenario.behaviour(seed);
  const { clock, target, openGpus } = openVirtualServer(behaviour, seed);
  const options = { seed, clock, ...(openGpus === undefined ? {} : { openGpus }) };
  const observations = await clock.run(scenario.measure(target, options, () => Promise.resolve(behaviour)));
  return { observations, durationMs: clock.now() };
}

/**
 * Runs one scenario once against a real process over real HTTP.
 *
 * @param scenario Server and test.
 * @param seed Of the server and of the test.
 */
export async function observeReally(scenario: Scenario, seed: number): Promise<readonly Observation[]> {
  const behaviour = scenario.behaviour(seed);
  const wayMs = await measureWayMs(behaviour, seed);
  await using server = await startRealServer(behaviour, seed);
  return await scenario.measure(server.target, { seed }, async () => {
    // On a busy machine answers are late; that they were is true, and the log says by how much.
    const overheadsMs = latenessesMs(await server.log()).map((ms) => ms + wayMs);
    return { ...behaviour, overheadsMs };
  });
}
