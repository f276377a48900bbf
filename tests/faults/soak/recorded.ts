import { createInterface } from "node:readline";
import { createReadStream } from "node:fs";

/** What a file of samples tells of its requests. */
export interface Recorded {
  readonly rows: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** The longest time from sending to the end, ms. */
  readonly longestMs: number;
}

/**
 * Reads a file of samples of any length.
 *
 * @param path What `--samples` wrote.
 */
export async function readRecorded(path: string): Promise<Recorded> {
  const outcomes: Record<string, number> = {};
  let rows = 0, longestMs = 0;
  let columns: readonly string[] | null = null;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line === "" || line.startsWith("#")) continue;
    const cells = line.split(",");
    if (columns === null) {
      columns = cells;
      continue;
    }
    const of = (name: string) => cells[columns!.indexOf(name)]!;
    rows++;
    outcomes[of("outcome")] = (outcomes[of("outcome")] ?? 0) + 1;
    longestMs = Math.max(longestMs, Number(of("ended_ms")) - Number(of("sent_ms")));
  }
  return { rows, outcomes, longestMs };
}
