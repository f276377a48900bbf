import { systemWords } from "../terminal/system_words.ts";
import type { RowBlock } from "../../load/samples/row_block.ts";
import { linesOf } from "./sample_format.ts";
import { workerScope } from "../../core/process/worker_scope.ts";

const scope = workerScope<SamplesMessage>();

/** What the thread is told: a file to begin, rows, or lines as they are; `end` closes the file. */
export type SamplesMessage =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "rows"; readonly prefix: string; readonly block: RowBlock; readonly withStreams: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "end" };

/** What it answers to each. */
export interface SamplesAnswer {
  /** Why it could not be done, or `null`. */
  readonly failure: string | null;
}

let file: Deno.FsFile | null = null;
let path = "";

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += file!.writeSync(bytes.subarray(written));
}

function open(at: string): void {
  file = Deno.openSync(path = at, { write: true, create: true, truncate: true });
}

function close(): void {
  file?.close();
  Deno.statSync(path); // a file that was removed meanwhile takes everything, and holds nothing
}

function obey(message: SamplesMessage): void {
  if (message.kind === "open") open(message.path);
  else if (message.kind === "end") close();
  else write(message.kind === "rows" ? linesOf(message.prefix, message.block, message.withStreams) : message.text);
}

scope.onmessage = ({ data }) => {
  let failure: string | null = null;
  try {
    obey(data);
  } catch (error) {
    failure = error instanceof Error ? systemWords(error) : String(error);
  }
  scope.postMessage({ failure } satisfies SamplesAnswer);
};
