import type { Observation } from "./observation.ts";
import { measureOverheadsMs, startRealServer } from "./real_server.ts";
import type { Scenario } from "./scenarios.ts";
import { openVirtualServer } from "./virtual_server.ts";

/**
 * Runs one scenario once in virtual time.
 *
 * @param scenario Server and test.
 * @param seed Of the server and of the test.
 */
export async function observeVirtually(scenario: Scenario, seed: number): Promise<readonly Observation[]> {
  const behaviour = scenario.behaviour(seed);
  const { clock, target } = openVirtualServer(behaviour, seed);
  return await clock.run(scenario.measure(target, { seed, clock }, behaviour));
}

/**
 * Runs one scenario once against a real process over real HTTP.
 *
 * @param scenario Server and test.
 * @param seed Of the server and of the test.
 */
export async function observeReally(scenario: Scenario, seed: number): Promise<readonly Observation[]> {
  const behaviour = scenario.behaviour(seed);
  const overheadsMs = await measureOverheadsMs(behaviour, seed);
  await using server = await startRealServer(behaviour, seed);
  return await scenario.measure(server.target, { seed }, { ...behaviour, overheadsMs });
}
