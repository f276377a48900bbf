import { withoutControls } from "../../words/without_controls.ts";
import { LARGEST_WIDTH, type PageOptions, SMALLEST_WIDTH } from "../../report/text/page_text.ts";
import { OutputError } from "./output_error.ts";
import { wrappedLines } from "./wrapped_lines.ts";

/** Where the command prints. Results go to stdout, everything else to stderr. */
export interface Console {
  /** Writes results to stdout, all of them before it resolves; an {@linkcode OutputError} where it does not take them. */
  write(text: string): Promise<void>;
  /** Writes one message to stderr, without power over the terminal, and ends the line. */
  error(message: string): void;
  /** Writes to stderr as it is; for lines that are drawn again. */
  draw(text: string): void;
  /** How wide stderr's terminal is in characters, or `null` if it is none. */
  readonly terminalColumns: () => number | null;
  /** Whether stdout may be coloured. */
  readonly color: boolean;
  /** How wide stdout's terminal is in characters; left out where it is none. */
  readonly width?: number;
  /** Whether the terminal shows no more than ASCII. */
  readonly ascii: boolean;
}

/** The process's own streams. */
export function systemConsole(): Console {
  const encoder = new TextEncoder();
  return {
    write: (text) => writeAll(Deno.stdout, encoder.encode(text)),
    error: (message) => writeAllSync(Deno.stderr, encoder.encode(`${asTerminalTakes(withoutControls(message))}\n`)),
    draw: (text) => writeAllSync(Deno.stderr, encoder.encode(text)),
    terminalColumns: () => Deno.stderr.isTerminal() ? columnsOf() : null,
    color: mayColor({
      force: Deno.env.get("FORCE_COLOR"),
      never: Deno.noColor,
      terminal: Deno.env.get("TERM"),
      isTerminal: Deno.stdout.isTerminal(),
    }),
    ...(Deno.stdout.isTerminal() ? { width: columnsOf() } : {}),
    ascii: isAscii(Deno.env.get("LC_ALL") || Deno.env.get("LC_CTYPE") || Deno.env.get("LANG"), Deno.env.get("TERM")),
  };
}

/** A locale that names another encoding than UTF-8, or a terminal that can nothing. Without a locale UTF-8 is usual. */
function isAscii(locale: string | undefined, terminal: string | undefined): boolean {
  if (terminal === "dumb" || terminal === "linux") return true;
  return locale !== undefined && locale !== "" && !/utf-?8/i.test(locale);
}

/**
 * Whether stdout may be coloured: where it is a terminal that can, unless `NO_COLOR` is set; `FORCE_COLOR` decides before all
 * else, as it does for Deno itself.
 *
 * @param where `FORCE_COLOR` (0 and false are no), whether `NO_COLOR` is set, `TERM`, and whether stdout is a terminal.
 */
export function mayColor(
  { force = "", never, terminal, isTerminal }: {
    readonly force: string | undefined;
    readonly never: boolean;
    readonly terminal: string | undefined;
    readonly isTerminal: boolean;
  },
): boolean {
  if (force !== "") return force !== "0" && force.toLowerCase() !== "false";
  return isTerminal && !never && terminal !== "dumb";
}

/**
 * How text is written: as the terminal takes it, or as a file or a pipe does.
 *
 * @param console Where it would go.
 * @param output The file to which it goes instead, or `null`.
 */
export function pageOptionsOf(console: Console, output: string | null): PageOptions {
  const { ascii, color, width } = console;
  if (output !== null) return { ascii };
  if (width === undefined) return { ascii, color };
  return { ascii, color, width: Math.max(SMALLEST_WIDTH, Math.min(width, LARGEST_WIDTH)) };
}

function asTerminalTakes(message: string): string {
  return Deno.stderr.isTerminal() ? wrappedLines(message, columnsOf()) : message;
}

function columnsOf(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80;
  }
}

/** A stream that another program has set not to wait is asked again so often, 10 ms apart. */
const MOST_TRIES = 500;

/** A reader that went away (`| head`) has what it wanted: that is no failure. */
async function writeAll(stream: typeof Deno.stdout, bytes: Uint8Array): Promise<void> {
  for (let done = 0, tries = 0; done < bytes.length;) {
    try {
      done += await stream.write(bytes.subarray(done));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset) return;
      if (!(error instanceof Deno.errors.WouldBlock) || ++tries > MOST_TRIES) throw new OutputError(error);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** What is said besides goes nowhere where stderr takes it no more: the terminal may be gone, results are still written. */
function writeAllSync(stream: typeof Deno.stderr, bytes: Uint8Array): void {
  for (let done = 0, tries = 0; done < bytes.length;) {
    try {
      done += stream.writeSync(bytes.subarray(done));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock) || ++tries > MOST_TRIES) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
