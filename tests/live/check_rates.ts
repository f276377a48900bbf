import { assertEquals, assertFalse } from "@std/assert";
import type { Target } from "../../src/core/target.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { generateInputs } from "../../src/items/generate_inputs.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import type { LiveEnvironment } from "./environment.ts";

/** Most that the rates of two clients may differ, as a share. */
const MOST_DIFFERENCE = 0.1;
/** So often both measure, in turn, at least, and at most where what else the machine does keeps them apart. */
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 12;
const REQUESTS = 30;

/**
 * Whether torchgauge and a client that shares no line with it measure the same rate, one request at a time. They take turns,
 * and each is judged by its median, so that what else the machine does meets both.
 *
 * @param target What is measured.
 * @param environment Python, which is the other client.
 */
export async function checkRates(target: Target, environment: LiveEnvironment): Promise<void> {
  const [own, others]: [number[], number[]] = [[], []];
  const differ = () => Math.abs(median(own) / median(others) - 1) > MOST_DIFFERENCE;
  while (own.length < LEAST_ROUNDS || own.length < MOST_ROUNDS && differ()) {
    others.push(await otherRate(target, environment, own.length));
    const options = { requests: REQUESTS, warmUpRequests: 5, seed: own.length + 1 };
    const { failuresByReason, requestsPerSecond } = await runBasicTest(target, options);
    assertEquals(failuresByReason, {});
    own.push(requestsPerSecond!.value);
  }
  const shown = (rates: number[]) => rates.map((rate) => rate.toFixed(1)).join(", ");
  assertFalse(differ(), `torchgauge: ${shown(own)} req/s; the other: ${shown(others)} req/s`);
}

/** Requests that were never sent before, since a server may know its answers to others. */
async function otherRate(
  { url, protocol, model, description }: Target,
  environment: LiveEnvironment,
  round: number,
): Promise<number> {
  const wanted = { spec: description.input, from: 0, to: REQUESTS, seed: 1000 + round, varies: false };
  const items = generateInputs(wanted);
  // Given samples may be fewer.
  const requests = Array.from({ length: REQUESTS }, (_, i) => protocol.encode(model, [items[i % items.length]!]));
  const { path, headers } = requests[0]!;
  const named: Record<string, string> = {};
  for (let i = 0; i < headers.length; i += 2) named[headers[i]!] = headers[i + 1]!;
  const client = new Deno.Command(environment.python, {
    args: [environment.pathTo("python/plain_client.py"), new URL(url).port, path, JSON.stringify(named)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob(requests.flatMap(({ body }) => withLength(wholeBody(body!)))).stream().pipeTo(client.stdin);
  const { answered, seconds } = JSON.parse(new TextDecoder().decode((await client.output()).stdout));
  assertEquals(answered, REQUESTS);
  return answered / seconds;
}

function withLength(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length, true);
  return [length, body];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
