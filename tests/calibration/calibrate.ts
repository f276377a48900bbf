import { disturb, neighbourLatenessesMs, startNeighbour } from "./disturbances/neighbour.ts";
import type { Observation } from "./observation.ts";
import { outstandings, overheadsMs, startRealServer } from "./real_server.ts";
import type { Scenario } from "./scenarios.ts";
import { type MetWay, WayProbe } from "./streams/way_probe.ts";
import type { TruthLog } from "./truth_server.ts";
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
  const { neighbour } = scenario;
  if (neighbour !== undefined) disturb(clock, neighbour, seed);
  const late = neighbour === undefined ? {} : { overheadsMs: neighbourLatenessesMs(behaviour, neighbour) };
  const measured = scenario.measure(target, options, () => Promise.resolve({ ...behaviour, ...late }));
  return { observations: await clock.run(measured), durationMs: clock.now() };
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
  if (scenario.observeReally !== undefined) return await scenario.observeReally(seed);
  const behaviour = scenario.behaviour(seed);
  await using server = await startRealServer(behaviour, seed);
  await using _neighbour = scenario.neighbour === undefined ? null : startNeighbour(scenario.neighbour);
  const signal = AbortSignal.timeout(LONGEST_MS);
  using probe = new WayProbe(Number(new URL(server.url).port));
  let log: TruthLog | null = null, ways: readonly MetWay[] = [];
  return await scenario.measure(server.target, { seed, signal }, async (load, spans) => {
    signal.throwIfAborted();
    if (log === null) [ways, log] = [await probe.end(), await server.log()];
    // On a busy machine answers are late; that they were is true, and the log says by how much.
    return {
      ...behaviour,
      overheadsMs: overheadsMs(log, ways, load, spans),
      outstandings: outstandings(log, load, spans),
      ...behaviour.memory ? { memory: { ...behaviour.memory, held: log.held } } : {},
    };
  });
}
