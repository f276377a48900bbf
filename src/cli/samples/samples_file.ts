import { systemClock } from "../../core/clock.ts";
import type { SampleRow } from "../../core/sample.ts";
import type { SampleLog } from "../../measure/sample_log.ts";
import type { Report } from "../../results/report.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { type Load, loadKey } from "../../results/window/load.ts";
import { RowWriter, transferOf } from "../../load/samples/row_block.ts";
import { columnsLine, type CountsRecord, FIRST_LINE, recordLine } from "./sample_format.ts";
import type { SamplesAnswer, SamplesMessage } from "./samples_thread.ts";

/** Rows travel to the thread so many at a time. */
const BLOCK_ROWS = 4096;
/** Most messages that wait for the disk, some 60 MB; a disk that is slower than the server ends the file. */
const MOST_WAITING = 256;
/** One that takes none of them for so long at the end of the run takes none any more, ms. */
const LONGEST_STILL_MS = 10_000;

/**
 * Writes every sample of a run to a file, as CSV with lines of JSON after `#`. A thread of its own makes the text and
 * writes it, so that a window pays for a copy of the numbers alone. Where the file can no longer be written it ends, and the
 * run goes on.
 */
export class SamplesFile implements SampleLog {
  readonly #thread = new Worker(new URL("./samples_thread.ts", import.meta.url), { type: "module" });
  readonly #ended = Promise.withResolvers<void>();
  readonly #loads = new Map<string, number>();
  #waiting = 0;
  #ending = false;
  #failure: string | null = null;
  #visits = 0;
  #prefix = "";
  readonly #withStreams: boolean;
  readonly #rows = new RowWriter(BLOCK_ROWS);

  /**
   * Begins the file; what is there is replaced.
   *
   * @param path The file, which can be written.
   * @param run What the run is, as plain data.
   * @param withStreams Whether answers are streamed. @default {false}
   */
  constructor(path: string, run: object, withStreams = false) {
    this.#withStreams = withStreams;
    this.#thread.onmessage = ({ data: { failure } }: MessageEvent<SamplesAnswer>) => {
      this.#waiting--;
      if (failure !== null) this.#fail(failure);
      if (this.#waiting === 0) this.#settled();
    };
    this.#thread.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
      this.#waiting = 0;
      this.#settled();
    };
    this.#post({ kind: "open", path });
    this.#text(`${FIRST_LINE}\n${recordLine("run", run)}${columnsLine(withStreams)}\n`);
  }

  /** Part of {@linkcode SampleLog}. */
  begin(test: ResultKind, load: Load): (row: SampleRow) => void {
    this.#prefix = `${test},${this.#numberOf(load)},${this.#visits}`;
    return (row) => {
      if (this.#rows.add(row)) this.#flush();
    };
  }

  /** Part of {@linkcode SampleLog}. */
  ended(visit: object): void {
    this.#flush();
    this.#text(recordLine("visit", { visit: this.#visits++, ...visit }));
  }

  /** Part of {@linkcode SampleLog}. */
  counts({ by, atMs }: Omit<CountsRecord, "counts">, counts: boolean): void {
    this.#text(recordLine("counts", { by, atMs, counts } satisfies CountsRecord));
  }

  /**
   * Ends the file.
   *
   * @param report What else the run found; without it the file ends like that of a run that was cut off.
   * @param stillMs After so long without anything written it is given up, ms. @default {10000}
   * @returns `null`, or why the file does not hold everything, for people.
   */
  async end(report: Report | null, stillMs = LONGEST_STILL_MS): Promise<string | null> {
    this.#flush();
    if (report !== null) this.#text(recordLine("report", report));
    this.#ending = true;
    this.#post({ kind: "end" });
    for (let before = Infinity; this.#waiting > 0 && this.#waiting < before;) {
      before = this.#waiting;
      const waited = new AbortController();
      await Promise.race([this.#ended.promise, systemClock.sleep(stillMs, waited.signal).catch(() => {})]);
      waited.abort();
    }
    if (this.#waiting > 0) this.#fail(`nothing was written for ${stillMs / 1000} s`);
    this.#thread.terminate();
    return this.#failure;
  }

  #settled(): void {
    if (this.#ending) this.#ended.resolve();
  }

  #numberOf(load: Load): number {
    const key = loadKey(load);
    const known = this.#loads.get(key);
    if (known !== undefined) return known;
    const number = this.#loads.size;
    this.#loads.set(key, number);
    this.#text(recordLine("load", { number, load }));
    return number;
  }

  #flush(): void {
    if (this.#rows.rows === 0) return;
    const block = this.#rows.take();
    if (this.#failure === null) {
      const message = { kind: "rows", prefix: this.#prefix, block, withStreams: this.#withStreams } as const;
      this.#post(message, transferOf(block));
    }
  }

  #text(text: string): void {
    if (this.#failure === null) this.#post({ kind: "text", text });
  }

  #post(message: SamplesMessage, transfer: ArrayBuffer[] = []): void {
    if (this.#waiting >= MOST_WAITING) return this.#fail("the disk takes them too slowly");
    this.#waiting++;
    this.#thread.postMessage(message, transfer);
  }

  #fail(why: string): void {
    this.#failure ??= why;
  }
}
