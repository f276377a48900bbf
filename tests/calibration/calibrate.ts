import { disturb, neighbourLatenessesMs, startNeighbour } from "./disturbances/neighbour.ts";
import type { Observation } from "./observation.ts";
import { latenessesMs, measureWayMs, startRealServer } from "./real_server.ts";
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
  const { clock, target, openGpus } = openVirtualServer(behaviour, seed);
  const options = { seed, clock, ...(openGpus === undefined ? {} : { openGpus }) };
  const { neighbour } = scenario;
  if (neighbour !== undefined) disturb(clock, neighbour, seed);
  const late = neighbour === undefined ? {} : { overheadsMs: neighbourLatenessesMs(behaviour, neighbour) };
  return await clock.run(scenario.measure(target, options, () => Promise.resolve({ ...behaviour, ...late })));
}

/** A run that takes longer has come to a standstill. */
const LONGEST_MS = 600_000;

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
  await using _neighbour = scenario.neighbour === undefined ? null : startNeighbour(scenario.neighbour);
  const signal = AbortSignal.timeout(LONGEST_MS);
  return await scenario.measure(server.target, { seed, signal }, async () => {
    signal.throwIfAborted();
    // On a busy machine answers are late; that they were is true, and the log says by how much.
    const overheadsMs = latenessesMs(await server.log()).map((ms) => ms + wayMs);
    return { ...behaviour, overheadsMs };
  });
}
