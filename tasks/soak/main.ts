/**
 * Whether a long run stays right and small: the real command against the embedded server, through a proxy that resets,
 * stalls, cuts and garbles a fiftieth of the answers. `deno task dev:soak --help`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Growth } from "../../src/stats/trend/growth_verdict.ts";
import { injectedBy, type Soak, soak } from "../../tests/faults/soak/soak.ts";

const HELP = `Runs the real command against the embedded server while faults are put in.

Usage: deno task dev:soak [options]

  --minutes N   How long [default: 60]
  --seed N      Seed of the faults [default: another one each time; it is shown]
  -h, --help    Show this help

What was sent and what the proxy saw must be equal, failures of each reason as
many as were put in, memory of client and server flat, no deadline missed. Ends
with 1 where one does not hold.
`;

function print(text: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(text);
}

function numberOf(text: string | undefined, otherwise: number, name: string): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) throw new TypeError(`Cannot soak as --${name} must be a number above 0: found "${text}"`);
  return value;
}

function growthInWords(growth: Growth | null): string {
  if (growth === null) return "too short to tell";
  const { verdict, bytesPerRequest: { value } } = growth;
  return `${verdict}, ${value.toFixed(0)} bytes a request`;
}

function row(name: string, wanted: number, counted = 0): void {
  print(
    `  ${name.padEnd(10)} ${String(wanted).padStart(7)} seen by the proxy, ${String(counted).padStart(7)} recorded`,
  );
}

function show({ seconds, counts, recorded, peakMb, growth, flaws }: Soak): void {
  const before = counts.predictions - recorded.rows;
  print(
    `${counts.predictions} predictions in ${seconds.toFixed(0)} s: ${recorded.rows} recorded, ${before} before them`,
  );
  for (const [reason, wanted] of injectedBy(counts)) row(reason, wanted, recorded.outcomes[reason]);
  const { timeout = 0, cancelled = 0 } = recorded.outcomes;
  row("left", counts.left, timeout + cancelled);
  print(`  (of those left ${timeout} timed out, ${cancelled} were cancelled at the end)`);
  print(`memory of the client: ${growthInWords(growth.client)}, ${peakMb.toFixed(0)} MB at most`);
  print(`memory of the server: ${growthInWords(growth.server)}`);
  print(`longest request: ${recorded.longestMs.toFixed(0)} ms`);
  for (const flaw of flaws) print(`WRONG ${flaw}`);
  print(flaws.length === 0 ? "all holds" : `${flaws.length} wrong`);
}

if (import.meta.main) {
  const args = parseArgs(Deno.args, { string: ["minutes", "seed"], boolean: ["help"], alias: { h: "help" } });
  if (args.help) print(HELP);
  else {
    const minutes = numberOf(args.minutes, 60, "minutes");
    const seed = numberOf(args.seed, 1 + Math.floor(Math.random() * 2 ** 31), "seed");
    print(`${minutes} minutes, seed ${seed}`);
    const found = await soak({ minutes, seed });
    show(found);
    if (found.flaws.length > 0) Deno.exit(1);
  }
}
