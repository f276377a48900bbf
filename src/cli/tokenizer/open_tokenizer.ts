import { fileURLToPath } from "node:url";
import { UsageError } from "../../core/errors.ts";
import { spawnPermitted } from "../../core/process/spawn_permitted.ts";
import type { TokenCounter } from "../../core/stream/token_counter.ts";
import type { TokenizerAnswer, TokenizerOrder } from "./main.ts";

/** Texts of one order hold about so many characters: orders and answers are read as a whole. */
const ORDER_CHARACTERS = 2 ** 20;

/** A tokenizer in a process of its own. */
export interface OpenTokenizer extends TokenCounter, AsyncDisposable {
  /**
   * Words that are one token each, wherever they stand between others.
   *
   * @param words Those that are wanted, where they are enough of them.
   * @returns Empty where the tokenizer has none.
   */
  words(words: readonly string[]): Promise<readonly string[]>;
}

/**
 * Starts a tokenizer.
 *
 * @param path `tokenizer.json`, or a folder that holds it.
 * @param signal Gives it up while it is being opened, as its package may have to be fetched; what is open is closed by its owner.
 * @throws {UsageError} If it cannot be read, or the process cannot be started.
 */
export async function openTokenizer(path: string, signal?: AbortSignal): Promise<OpenTokenizer> {
  await checkFile(path);
  const refuse = (why: string, hint?: string) =>
    new UsageError(`Cannot use the tokenizer "${path}": ${why}`, hint === undefined ? {} : { hint });
  if (Deno.build.standalone) throw refuse("a compiled program has not the package that reads it, deno run has");
  const child = startProcess(path, refuse);
  const writer = child.stdin.getWriter(), answers = linesOf(child.stdout);
  let before: Promise<unknown> = Promise.resolve();
  const ask = (order: TokenizerOrder): Promise<Exclude<TokenizerAnswer, { readonly failure: string }>> => {
    const asked = before.then(async () => {
      await writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`)).catch(() => {}); // it ended: see its answer
      const { value } = await answers.next();
      if (value === undefined) throw refuse("its package was not there, which the first time comes by the network");
      const answer = JSON.parse(value) as TokenizerAnswer;
      if ("failure" in answer) {
        throw refuse(answer.failure, "It must be a tokenizer.json of Hugging Face's tokenizers.");
      }
      return answer;
    });
    before = asked.catch(() => {});
    return asked;
  };
  const close = async () => {
    await writer.close().catch(() => {});
    await answers.return(undefined);
    await child.status;
  };
  // What cannot be read is refused now, not after the first window.
  await endedBy(signal, child, ask({ kind: "count", texts: [] })).catch(async (error) => {
    await close();
    throw error;
  });
  return {
    async count(texts) {
      const counts: (readonly number[])[] = [];
      for (const part of parted(texts)) {
        const answer = await ask({ kind: "count", texts: part });
        if ("counts" in answer) counts.push(answer.counts);
      }
      return counts.flat();
    },
    async words(words) {
      const answer = await ask({ kind: "words", words });
      return "words" in answer ? answer.words : [];
    },
    [Symbol.asyncDispose]: close,
  };
}

function startProcess(path: string, refuse: (why: string) => UsageError) {
  const args = denoArguments(path);
  try {
    // Ctrl-C in a terminal goes to the whole process group: what was measured until then is still to be counted. It ends when its
    // stdin closes, which the system does where this process is killed.
    return spawnPermitted(Deno.execPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      detached: true,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw refuse("it needs a process of its own, give --allow-run");
  }
}

/** Waits for the first answer, and ends the process where the signal does not wait any more. */
async function endedBy(signal: AbortSignal | undefined, child: Deno.ChildProcess, answer: Promise<unknown>) {
  const end = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  await answer.finally(() => signal?.removeEventListener("abort", end));
}

async function checkFile(path: string): Promise<void> {
  const refuse = (found: string) =>
    new UsageError(`Cannot use the tokenizer "${path}" as it must be a tokenizer.json, or a folder with one: ${found}`);
  const info = await Deno.stat(path).catch(() => null);
  if (info === null) throw refuse("there is none");
  if (!info.isDirectory) return;
  if (await Deno.stat(`${path}/tokenizer.json`).catch(() => null) === null) throw refuse("the folder holds none");
}

function denoArguments(path: string): string[] {
  const main = new URL("./main.ts", import.meta.url);
  const lock = main.protocol === "file:"
    ? ["--frozen", `--lock=${fileURLToPath(new URL("./deno.lock", import.meta.url))}`]
    : ["--no-lock"];
  const options = ["--quiet", "--no-prompt", "--no-config", "--node-modules-dir=none", "--allow-read"];
  return ["run", ...options, ...lock, main.href, path];
}

/** Texts in parts of about {@linkcode ORDER_CHARACTERS}. */
function* parted(texts: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [], characters = 0;
  for (const text of texts) {
    part.push(text);
    characters += text.length;
    if (characters < ORDER_CHARACTERS) continue;
    yield part;
    part = [];
    characters = 0;
  }
  if (part.length > 0) yield part;
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
