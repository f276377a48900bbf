import type { Bar } from "./bar.ts";
import type { Client, ClientRun, Job } from "./clients/client.ts";
import type { BodyFiles } from "./clients/body_file.ts";
import type { PinnedServer } from "./pinned.ts";
import type { Row } from "./row.ts";

/** What every measurement is given. */
export interface Bench {
  /** Rounds: in each every client measures once. */
  readonly pairs: number;
  /** How long a client measures each time, s. */
  readonly seconds: number;
  /** Whether it is a first look. */
  readonly quick: boolean;
  /** Folder that is removed at the end. */
  readonly folder: string;
  /** Bodies for other programs. */
  readonly bodies: BodyFiles;
  /** Starts the server that discards, with so many us before each answer; `null` where it cannot be compiled. */
  readonly sink: ((delayUs: number) => Promise<PinnedServer>) | null;
  /** Says how far it is. */
  readonly say: (line: string) => void;
  /** Notes what could not be measured and why. */
  readonly lacks: (reason: string) => void;
}

/** What one kind of measurement found. */
export interface Measured {
  /** The figures. */
  readonly rows: readonly Row[];
  /** The bars that they are held against. */
  readonly bars: readonly Bar[];
}

/** What is found where nothing can be measured. */
export const NOTHING: Measured = { rows: [], bars: [] };

/** One kind of measurement. */
export type Measurement = (bench: Bench) => Promise<Measured>;

/**
 * Has clients measure in turn, one round forwards and the next backwards: what drifts meets all alike. A client that
 * fails is left out from then on.
 *
 * @param bench How often and how long.
 * @param title The case, for the progress.
 * @param clients Who.
 * @param job What, without the time.
 * @returns The runs of each client that never failed, in the order of the rounds.
 */
export async function measureInTurn(
  bench: Bench,
  title: string,
  clients: readonly Client[],
  job: Omit<Job, "seconds">,
): Promise<ReadonlyMap<Client, readonly ClientRun[]>> {
  const runs = new Map(clients.map((client) => [client, [] as ClientRun[]]));
  for (let round = 0; round < bench.pairs; round++) {
    for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
      const list = runs.get(client);
      if (list === undefined) continue;
      bench.say(`${title}, round ${round + 1} of ${bench.pairs}: ${client.name}`);
      try {
        const run = await client.measure({ ...job, seconds: bench.seconds });
        if (run.requests === 0) throw new Error(`no request was answered in ${bench.seconds} s`);
        list.push(run);
      } catch (error) {
        runs.delete(client);
        bench.lacks(`${client.name}, ${title}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return runs;
}
