/**
 * A process of its own that counts tokens: its package is fetched by who gives a tokenizer, and counting takes no time of the
 * thread that measures. It reads one {@linkcode TokenizerOrder} a line from stdin, and writes one {@linkcode TokenizerAnswer}
 * a line to stdout. Its lock file stands beside it; write that anew, after the version here was changed, with
 * `echo '{"kind":"count","texts":[]}' | deno run -A --no-config --lock=deno.lock main.ts tokenizer.json`.
 *
 * Chosen by measure among packages of npm, over 3,016 texts in five vocabularies trained by Python's tokenizers 0.23.3 (two
 * of BPE over bytes, one with a fallback to bytes, WordPiece, Unigram): `@huggingface/tokenizers` 0.2.0 has 0.65 MB, starts in
 * 0.1 s, counts 100,000 to 280,000 tokens a second of CPU and counted every text as Python does, 3 of them by other tokens.
 * `tokenizers` 0.23.2 is native, has 64 MB for one platform and counts 150,000 to 370,000; `@huggingface/transformers` 4.3.1
 * brings ONNX Runtime and sharp, and counts by the first.
 *
 * @module
 */

/** What is asked. */
export type TokenizerOrder =
  /** How many tokens texts have, without those that mark their ends. */
  | { readonly kind: "count"; readonly texts: readonly string[] }
  /** Words that are one token each, wherever they stand between others: of these where they are enough. */
  | { readonly kind: "words"; readonly words: readonly string[] };

/** What comes of it. */
export type TokenizerAnswer =
  | { readonly counts: readonly number[] }
  /** Empty where there are none. */
  | { readonly words: readonly string[] }
  /** Why the tokenizer cannot be used. */
  | { readonly failure: string };

/** What of the package is used here. */
interface Tokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
  decode(ids: readonly number[]): string;
  get_vocab(): ReadonlyMap<string, number>;
}

/** Fewer words are looked for in the vocabulary. */
const FEWEST_WORDS = 32;
const MOST_WORDS = 1024;

async function load(path: string): Promise<Tokenizer> {
  // A name that Deno does not see before: `deno check` would put it in the lock file of the whole project.
  const name = "npm:@huggingface/tokenizers@0.2.0";
  const { Tokenizer } = await import(name);
  const read = async (file: string) => JSON.parse(await Deno.readTextFile(file));
  const isFolder = (await Deno.stat(path)).isDirectory;
  const folder = isFolder ? path : path.replace(/[^/\\]*$/, "");
  const config = await read(`${folder === "" ? "." : folder}/tokenizer_config.json`).catch(() => ({}));
  return new Tokenizer(await read(isFolder ? `${path}/tokenizer.json` : path), config);
}

function answer(tokenizer: Tokenizer, order: TokenizerOrder): TokenizerAnswer {
  const count = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  if (order.kind === "count") return { counts: order.texts.map(count) };
  const isOne = (word: string) => count(word) === 1 && count(`${word} ${word} ${word}`) === 3;
  const usual = order.words.filter(isOne);
  const words = usual.length >= FEWEST_WORDS ? usual : wordsOf(tokenizer).filter(isOne).slice(0, MOST_WORDS);
  // One after another they must be as many as well.
  const mixed = Array.from({ length: 8 * 64 }, (_, i) => words[(i * 7919) % words.length]).join(" ");
  return { words: words.length >= 2 && count(mixed) === 8 * 64 ? words : [] };
}

/** What of a vocabulary is a word in small letters. */
function wordsOf(tokenizer: Tokenizer): readonly string[] {
  const words = [...tokenizer.get_vocab().values()].map((id) => tokenizer.decode([id]).trim());
  return [...new Set(words.filter((word) => /^[a-z]{2,12}$/.test(word)))].sort();
}

async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}

async function say(what: TokenizerAnswer): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(what)}\n`);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}

if (import.meta.main) {
  let tokenizer: Tokenizer | null = null;
  for await (const line of lines()) {
    try {
      tokenizer ??= await load(Deno.args[0]!);
      await say(answer(tokenizer, JSON.parse(line)));
    } catch (error) {
      await say({ failure: error instanceof Error ? error.message : String(error) });
    }
  }
  Deno.exit();
}
