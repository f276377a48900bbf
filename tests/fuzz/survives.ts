import fc from "fast-check";
import { ExchangeError, TargetError, UsageError } from "../../src/core/errors.ts";

/** Another range of inputs: TORCHGAUGE_FUZZ_SEED=7 deno test ...; fast-check tells seed and path of what failed. */
const SEED = Number(Deno.env.get("TORCHGAUGE_FUZZ_SEED") ?? 1);
/** More of them: TORCHGAUGE_FUZZ_RUNS=100 tries a hundred times as many. */
const TIMES = Number(Deno.env.get("TORCHGAUGE_FUZZ_RUNS") ?? 1);
/** No input is so large that reading it may take so long: a parser that does is stuck. */
const STUCK_MS = 30_000;

/**
 * A test that a reader makes a value of every input, or says in one message why it cannot: it throws nothing but the errors
 * of torchgauge.
 *
 * @param name What reads what.
 * @param inputs What it is given.
 * @param runs How many of them.
 * @param read Reads one.
 */
export function survives<T>(name: string, inputs: fc.Arbitrary<T>, runs: number, read: (input: T) => unknown): void {
  Deno.test(`${name}: ${runs} changed inputs give a value or one message`, async () => {
    const property = fc.asyncProperty(inputs, async (input) => {
      await orMessage(() => read(input));
    });
    const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
      seed: SEED,
      numRuns: runs * TIMES,
      timeout: STUCK_MS,
    });
    if (!failed) return;
    const input = Deno.inspect(counterexample?.[0], { strAbbreviateSize: 1000, depth: 9 });
    throw new Error(`seed ${SEED}, path ${counterexamplePath}: ${shown(errorInstance)}\nof ${input.slice(0, 3000)}`);
  });
}

function isOfTorchgauge(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof TargetError || error instanceof ExchangeError;
}

/**
 * Does something that may end in a message.
 *
 * @param act What is done.
 * @returns What came of it, `undefined` where that was a message.
 */
export async function orMessage<T>(act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!isOfTorchgauge(error)) throw error;
    checkWords(error);
    return undefined;
  }
}

/** A message is for people: it shows no value as what the language calls it. */
function checkWords({ message }: Error): void {
  if (message.trim() === "" || message.includes("[object Object]")) {
    throw new Error(`the message is none for people: ${message.slice(0, 300)}`);
  }
}

function shown(error: unknown): string {
  return String(error instanceof Error ? error.stack : error).split("\n").map((line) => line.slice(0, 200)).slice(0, 12)
    .join("\n");
}
