import { Decoder, type Sampling } from "./decoder.ts";
import { LLAMA } from "./llama.ts";

/** What is to be written. */
export interface Order extends Sampling {
  /** Number of its own. */
  readonly id: number;
  /** Tokens of the prompt. */
  readonly prompt: readonly number[];
  /** Tokens of the answer: weights are random, so that no token means its end. */
  readonly mostTokens: number;
}

/** How the model is run. */
export interface LanguageSettings {
  /** Threads that one operator may use. */
  readonly threads: number;
  /** Whether what is computed of a prompt is kept for others that begin alike. */
  readonly prefixCache: boolean;
}

/** What the worker is told. */
export type DecoderCommand =
  | ({ readonly kind: "load"; readonly path: string; readonly slots: number } & LanguageSettings)
  | { readonly kind: "order"; readonly order: Order }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "release" };

/** A token of an answer, and whether it was the last. */
export interface Written {
  readonly id: number;
  readonly token: number;
  readonly isLast: boolean;
}

/** What it tells. Times are ms. */
export type DecoderNews =
  | { readonly kind: "done" }
  | { readonly kind: "error"; readonly message: string }
  | {
    readonly kind: "began";
    readonly id: number;
    readonly prefillMs: number;
    readonly cachedTokens: number;
    readonly written: Written;
  }
  | { readonly kind: "step"; readonly written: readonly Written[]; readonly batch: number };

/** This worker. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<DecoderCommand>) => void;
  postMessage(news: DecoderNews): void;
};

let decoder: Decoder | null = null;
let slots = 1;
const waiting: Order[] = [];
const active: { readonly order: Order; left: number }[] = [];
const cancelled = new Set<number>();
let runs = false;

function tell(news: DecoderNews): void {
  scope.postMessage(news);
}

/** Admits what waits while there is a slot, then decodes one token of all: continuous batching (G.-I. Yu et al., 2022). */
async function run(): Promise<void> {
  if (runs) return;
  runs = true;
  try {
    while (decoder !== null && (waiting.length > 0 || active.length > 0)) {
      dropCancelled(decoder);
      const next = active.length < slots ? waiting.shift() : undefined;
      if (next !== undefined) await begin(decoder, next);
      else if (active.length > 0) await step(decoder);
      // Orders and ends come as messages.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } catch (error) {
    // All that are there are told the error, and wait no longer.
    waiting.length = 0;
    if (decoder !== null) drop(decoder, new Set(active.keys()));
    throw error;
  } finally {
    runs = false;
  }
}

async function begin(decoder: Decoder, order: Order): Promise<void> {
  const startedAt = performance.now();
  const token = await decoder.prefill(order.prompt, order);
  active.push({ order, left: Math.min(order.mostTokens, LLAMA.context - order.prompt.length) });
  const written = writtenOf(active.at(-1)!, token);
  const { cachedTokens } = decoder;
  tell({ kind: "began", id: order.id, prefillMs: performance.now() - startedAt, cachedTokens, written });
  if (written.isLast) drop(decoder, new Set([active.length - 1]));
}

async function step(decoder: Decoder): Promise<void> {
  const batch = active.length;
  const tokens = await decoder.step();
  const written = tokens.map((token, i) => writtenOf(active[i]!, token));
  tell({ kind: "step", written, batch });
  drop(decoder, new Set(written.flatMap(({ isLast }, i) => isLast ? [i] : [])));
}

function writtenOf(sequence: { readonly order: Order; left: number }, token: number): Written {
  return { id: sequence.order.id, token, isLast: --sequence.left <= 0 };
}

function dropCancelled(decoder: Decoder): void {
  if (cancelled.size === 0) return;
  for (let i = waiting.length - 1; i >= 0; i--) if (cancelled.has(waiting[i]!.id)) waiting.splice(i, 1);
  drop(decoder, new Set(active.flatMap(({ order }, i) => cancelled.has(order.id) ? [i] : [])));
  cancelled.clear();
}

function drop(decoder: Decoder, gone: ReadonlySet<number>): void {
  if (gone.size === 0) return;
  decoder.remove(gone);
  for (const i of [...gone].sort((a, b) => b - a)) active.splice(i, 1);
}

async function obey(command: DecoderCommand): Promise<void> {
  switch (command.kind) {
    case "load":
      decoder = await Decoder.load(command.path, command.threads, command.prefixCache);
      slots = command.slots;
      return tell({ kind: "done" });
    case "order":
      waiting.push(command.order);
      return await run();
    case "cancel":
      cancelled.add(command.id);
      return;
    case "release": {
      const released = decoder;
      decoder = null;
      await released?.release();
      return tell({ kind: "done" });
    }
  }
}

scope.onmessage = (event) => {
  obey(event.data).catch((error) => tell({ kind: "error", message: String(error) }));
};
