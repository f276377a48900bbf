import type { Observation } from "../observation.ts";

/** One run of a scenario, as one line of a journal. */
export interface JournalEntry {
  /** Name of the scenario. */
  readonly scenario: string;
  /** Of the server and of the test. */
  readonly seed: number;
  /** Whether in virtual time. */
  readonly virtual: boolean;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** How long it took, ms. */
  readonly tookMs: number;
  /** How long it took in its own time, ms, where that is virtual. */
  readonly durationMs?: number;
  /** What it said; `null` where it failed to run. */
  readonly observations: readonly Observation[] | null;
  /** Why it failed to run. */
  readonly failure?: string;
}

/**
 * What was run, kept in a file of one JSON line a run: a calibration over real HTTP takes hours, and who is cut off goes on with
 * the same file. Of several lines of one run the last counts; one that failed is run again.
 */
export class Journal {
  readonly #entries = new Map<string, JournalEntry>();
  readonly #path: string | null;

  /** @param path The file, made where there is none; `null` keeps the runs in memory alone. */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null) return;
    const text = readIfThere(path);
    // A line that was being written when the run was cut off is no run, and the next must not be joined to it.
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "")) {
      this.#keep(JSON.parse(line) as JournalEntry);
    }
    if (text !== "" && !text.endsWith("\n")) Deno.truncateSync(path, byteLength(text, text.lastIndexOf("\n") + 1));
  }

  /** The run of a scenario and seed, if there is one, failed or not. */
  find(scenario: string, seed: number, virtual: boolean): JournalEntry | undefined {
    return this.#entries.get(keyOf({ scenario, seed, virtual }));
  }

  /** All runs of a scenario, in the order in which they were first run. */
  of(scenario: string, virtual: boolean): JournalEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.scenario === scenario && entry.virtual === virtual);
  }

  /** Adds a run, on the disk when this returns. */
  add(entry: JournalEntry): void {
    this.#keep(entry);
    if (this.#path === null) return;
    using file = Deno.openSync(this.#path, { append: true, create: true });
    const bytes = new TextEncoder().encode(`${JSON.stringify(entry)}\n`);
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    file.syncDataSync();
  }

  #keep(entry: JournalEntry): void {
    this.#entries.set(keyOf(entry), entry);
  }
}

function keyOf({ scenario, seed, virtual }: Pick<JournalEntry, "scenario" | "seed" | "virtual">): string {
  return `${scenario} ${seed} ${virtual}`;
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function byteLength(text: string, characters: number): number {
  return new TextEncoder().encode(text.slice(0, characters)).length;
}
