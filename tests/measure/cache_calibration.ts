/**
 * How often the comparison of repeated with new requests is right, in virtual time:
 *
 *     deno run -A tests/measure/cache_calibration.ts [SEEDS]
 *
 * @module
 */
import type { ModelInput } from "../../src/core/model_input.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import { type Random, seededRandom } from "../../src/core/random.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { BodyParts } from "../../src/items/body_parts.ts";
import { plainText } from "../../src/items/text_marker.ts";
import type { CacheCheck } from "../../src/results/kinds/cache_check.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

const MODEL_MS = 10;

/** A server, and what its cache is worth. */
export interface CachingServer {
  /** For the table. */
  readonly name: string;
  /** How many times as fast what it has seen before is answered; 1 for no cache. */
  readonly times: number;
  /** Coefficient of variation of its lognormal service time. */
  readonly noise: number;
  /** What a request takes longer than that, times; of the number of the request. @default {1} */
  readonly slower?: (index: number, random: Random) => number;
}

/** Servers by noise, without a cache and with one, and what must not be taken for a cache. */
export const CACHING_SERVERS: readonly CachingServer[] = [
  ...[0, 0.05, 0.2].flatMap((noise) =>
    [1, 1.05, 1.2, 2, 8].map((times) => ({ name: `${times}x, noise ${100 * noise} %`, times, noise }))
  ),
  { name: "1x, 8 times slower for its first 60", times: 1, noise: 0.05, slower: (index) => index < 60 ? 8 : 1 },
  { name: "1x, slower by 1 % with each request", times: 1, noise: 0.05, slower: (index) => 1 + index / 100 },
  {
    name: "1x, every 20th takes 10 times as long",
    times: 1,
    noise: 0.05,
    slower: (index) => index % 20 === 0 ? 10 : 1,
  },
  {
    name: "1x, one in 10 takes 10 times as long",
    times: 1,
    noise: 0.2,
    slower: (_, random) => random() < 0.1 ? 10 : 1,
  },
  { name: "1x, every other takes twice as long", times: 1, noise: 0.05, slower: (index) => index % 2 === 0 ? 2 : 1 },
];

/** Each request has the bytes of its items. */
export const textProtocol: Protocol = {
  ...simulatedProtocol,
  encode: (_model, inputs: readonly ModelInput[]) => ({
    method: "POST",
    path: "/",
    headers: [],
    ...new BodyParts().list(
      inputs.map((input) => input.kind === "text" ? plainText(input) : { bytes: new Uint8Array() }),
    )
      .encoded(),
  }),
};

/** One run against such a server. */
export async function observeCache(
  { times, noise, slower = () => 1 }: CachingServer,
  seed: number,
): Promise<CacheCheck> {
  const clock = new VirtualClock();
  const random = seededRandom(1000 + seed);
  const variance = Math.log1p(noise ** 2);
  const seen = new Set<string>();
  const server = new SimulatedServer(clock, ({ index, request }) => {
    const body = wholeBody(request.body).toBase64();
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const worked = MODEL_MS * Math.exp(Math.sqrt(variance) * normal - variance / 2) * slower(index, random);
    const serviceMs = seen.has(body) ? worked / times : worked;
    seen.add(body);
    return { serviceMs };
  });
  const inputs = { kind: "text", words: 12 } as const;
  const options = { seed, clock, inputs, requests: 5, warmUpRequests: 0, cacheCheck: true };
  const { cache } = await clock.run(runBasicTest(simulatedTarget(server, textProtocol), options));
  return cache!;
}

/** Shares of the verdicts over many runs, and of the intervals that hold the truth. */
export async function calibrateCache(server: CachingServer, seeds: number) {
  const share = { "cache": 0, "no cache seen": 0, "cannot tell": 0 };
  let covered = 0, requests = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const check = await observeCache(server, seed);
    share[check.verdict] += 1 / seeds;
    requests += check.requests / seeds;
    // One part in a billion is rounding.
    const { low, high } = check.ratio!;
    if (low! <= server.times * (1 + 1e-9) && high! >= server.times * (1 - 1e-9)) covered += 1 / seeds;
  }
  return { share, covered, requests };
}

if (import.meta.main) {
  const seeds = Number(Deno.args[0] ?? 200);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(9);
  const rows = [`${"server".padEnd(40)}    cache  none seen cannot tell covered requests`];
  for (const server of CACHING_SERVERS) {
    const { share, covered, requests } = await calibrateCache(server, seeds);
    const shares = [share.cache, share["no cache seen"], share["cannot tell"], covered].map(percent).join(" ");
    rows.push(`${server.name.padEnd(40)}${shares} ${requests.toFixed(0).padStart(6)}`);
  }
  // deno-lint-ignore no-console -- this is a command
  console.log(rows.join("\n"));
}
