import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../tests/live/python/energy_log.py", import.meta.url));

/** What NVML said at one moment. */
interface Line {
  /** Ms since the epoch. */
  readonly atMs: number;
  readonly energyMj: number | null;
  readonly utilization: number;
}

/** What NVML says of device 0 by itself, through Python, so that the code under test has no part in it. */
export interface EnergyLog extends AsyncDisposable {
  /** Energy between two moments, ms since the epoch, in J; `NaN` where it is not counted. */
  joulesBetween(fromMs: number, toMs: number): number;
  /** Mean utilisation between them, percent; `NaN` where none was read. */
  utilizationBetween(fromMs: number, toMs: number): number;
}

/**
 * Begins to write down what NVML says, every 50 ms.
 *
 * @param python Any Python.
 */
export function startEnergyLog(python: string): EnergyLog {
  const child = new Deno.Command(python, { args: ["-u", SCRIPT], stdin: "piped", stdout: "piped" }).spawn();
  const lines: Line[] = [];
  const read = (async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const whole = (rest + text).split("\n");
      rest = whole.pop()!;
      lines.push(...whole.map((line) => JSON.parse(line) as Line));
    }
  })();
  return {
    joulesBetween: (fromMs, toMs) => (energyAt(lines, toMs) - energyAt(lines, fromMs)) / 1000,
    utilizationBetween: (fromMs, toMs) => {
      const within = lines.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
      return within.reduce((sum, { utilization }) => sum + utilization, 0) / within.length;
    },
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
      await read;
    },
  };
}

/** The counter at a moment between two lines, mJ. */
function energyAt(lines: readonly Line[], atMs: number): number {
  const next = lines.findIndex((line) => line.atMs >= atMs);
  if (next < 1) return NaN;
  const [before, after] = [lines[next - 1]!, lines[next]!];
  if (before.energyMj === null || after.energyMj === null) return NaN;
  const share = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.energyMj + share * (after.energyMj - before.energyMj);
}
