import { UsageError } from "../../core/errors.ts";
import { type SampleRow, SampleTable } from "../../core/sample.ts";
import { readStream } from "../../core/stream/stream_table.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { visitFrom, type VisitRecord } from "../../measure/window/visit_record.ts";
import { parseReport } from "../../report/json/parse_report.ts";
import type { Report } from "../../results/report.ts";
import type { Window } from "../../results/window/window.ts";
import { windowsOf } from "../../results/windows.ts";
import { OUTCOMES } from "../../load/samples/row_block.ts";
import type { RunRecord } from "./broken_off.ts";
import { COLUMNS, columnsLine, type CountsRecord, STREAM_COLUMNS } from "./sample_format.ts";

/** What a window says besides of the client and the server. */
const NOT_OF_SAMPLES: ReadonlySet<string> = new Set(["clientLimited", "clientUse", "server"]);

/** Columns before the numbers. */
const BEFORE = COLUMNS.indexOf("scheduled_ms");

/**
 * Makes the report of a run again from its samples: the figures of every window are made of its rows, by the methods of
 * this version. What samples do not show, the server's memory and cold starts say, is as the run found it. A file that
 * breaks off gives what it holds, as of a run that was interrupted.
 *
 * @param pieces What `--samples` wrote, in pieces of any length.
 * @throws {UsageError} If it holds something else, or breaks off before it holds a result.
 */
export async function readSamples(pieces: AsyncIterable<string> | Iterable<string>): Promise<Report> {
  const visits: Visit[] = [];
  const counted = new Map<string, boolean>();
  let report: Report | null = null, run: RunRecord | null = null;
  let table = new SampleTable(), number = 0, withStreams = false;
  for await (const line of linesIn(pieces)) {
    number++;
    if (line.startsWith("# visit ")) {
      visits.push(await visitOf(line.slice("# visit ".length), number, table));
      table = new SampleTable();
    } else if (line.startsWith("# run ")) {
      run = await asWritten(`line ${number}`, () => JSON.parse(line.slice("# run ".length)) as RunRecord);
    } else if (line.startsWith("# counts ")) {
      const said = line.slice("# counts ".length);
      const { counts, ...visit } = await asWritten(`line ${number}`, () => JSON.parse(said) as CountsRecord);
      counted.set(idOf(visit), counts);
    } else if (line.startsWith("# report ")) report = parseReport(line.slice("# report ".length));
    else if (line === columnsLine(true)) withStreams = true;
    else if (line !== "" && !line.startsWith("#") && line !== columnsLine(false)) {
      table.record(rowOf(line, number, withStreams));
    }
  }
  if (report !== null) {
    const whole = report;
    return await asWritten("a visit", () => withFigures(whole, visits));
  }
  if (run === null) throw new UsageError("Cannot read the results as a file of samples must name its run: it does not");
  // It brings all tests with it, which nobody else needs who reads a file.
  const { reportOfVisits } = await import("./broken_off.ts");
  const begun = run;
  const counts = (visit: Visit) => begun.saysWhatCounts !== true || counted.get(idOf(visit)) === true;
  return await asWritten("its run", () => reportOfVisits(begun, visits, counts));
}

/** No two visits of a run begin at one moment. */
const idOf = ({ by, atMs }: Omit<CountsRecord, "counts">) => `${by} ${atMs}`;

/** The visit that a line says, with its rows. */
function visitOf(json: string, line: number, table: SampleTable): Promise<Visit> {
  return asWritten(`line ${line}`, () => {
    const visit = JSON.parse(json) as VisitRecord;
    const { recorded, windowFrom, windowTo } = visit.run;
    if (table.length !== recorded) throw lacksRows(line, table.length, recorded);
    if (!(0 <= windowFrom && windowFrom <= windowTo && windowTo <= recorded)) {
      throw new RangeError("its window has other rows");
    }
    return visitFrom(visit, table);
  });
}

/** What is made of a part of the file; where that cannot be, it was altered. */
async function asWritten<T>(part: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      `Cannot read the results as the samples must be as torchgauge wrote them: ${part} is not: ${cause}`,
      { cause, hint: "Leave the file as torchgauge wrote it." },
    );
  }
}

function lacksRows(line: number, rows: number, recorded: number): UsageError {
  return new UsageError(
    `Cannot read the results as a visit must have all of its rows: the one of line ${line} has ${rows} of ${recorded}`,
    { hint: "Leave the file as torchgauge wrote it." },
  );
}

/** Lines of a file, however large; one that breaks off at the end is left out. */
async function* linesIn(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

function rowOf(line: string, number: number, withStreams: boolean): SampleRow {
  const cells = line.trimEnd().split(",");
  const numberOf = (cell: string) => cell === "" ? NaN : Number(cell);
  const outcome = COLUMNS.length - 1, columns = COLUMNS.length + (withStreams ? STREAM_COLUMNS.length : 0);
  const [scheduledAt, sentAt, writtenAt, firstByteAt, endedAt, serverMs, judgingMs] = cells.slice(BEFORE, outcome)
    .map(numberOf) as [number, number, number, number, number, number, number];
  const result = cells[outcome] as SampleRow["result"];
  if (cells.length !== columns || !OUTCOMES.includes(result) || Number.isNaN(endedAt)) {
    throw new UsageError(
      `Cannot read the results as each row of samples must have ${columns} columns: line ${number} is "${line}"`,
    );
  }
  const row = { scheduledAt, sentAt, writtenAt, firstByteAt, endedAt, serverMs, judgingMs, result };
  return withStreams
    ? { ...row, stream: readStream(Float64Array.from(cells.slice(COLUMNS.length), numberOf), 0) }
    : row;
}

/** The report with the figures of its windows made anew. */
function withFigures(report: Report, visits: readonly Visit[]): Report {
  for (const { window } of windowsOf(report.tests)) {
    const own = (window.visits ?? []).map(({ by, atMs }) =>
      // What counts of a visit begins somewhere in its window.
      visits.findLast((visit) =>
        visit.by === by && visit.atMs + visit.run.windowStartMs <= atMs && visit.atMs + visit.run.windowEndMs >= atMs
      )
    );
    if (own.length === 0 || own.includes(undefined)) continue;
    const figures = Object.entries(summariseWindow(window.load, own as readonly Visit[]).window);
    Object.assign(window as Partial<Window>, Object.fromEntries(figures.filter(([name]) => !NOT_OF_SAMPLES.has(name))));
  }
  return report;
}
