import type { Dialect, Mode } from "../mode.ts";
import { ALL_MODES, modeNamed } from "../modes.ts";
import { ALL_TEST_TYPES, type TestType } from "../test_types.ts";
import { type Cell, cellOf, dialectsOf } from "./run_cell.ts";

/** Modes that every test type is run against: of each kind those that are unlike each other. All others run basic alone. */
const OF_ALL_TEST_TYPES = `
  nobody-listens backlog-full tls-where-plain-is-asked plain-where-tls-is-asked expired accept-and-close
  accept-and-be-silent accept-and-read-nothing speaks-first one-connection-in-three-is-reset

  garbage-for-a-head garbage-one-in-five http-0-9 endless-headers huge-header endless-continues status-600
  escapes-in-reason-phrase no-content redirect-loop

  no-length-and-close negative-length huge-length length-and-chunks too-short-one-in-five chunk-size-overflow
  no-last-chunk-and-stay endless-chunks endless-one-byte-chunks

  empty-body gzip-bomb gzip-bomb-one-in-ten invalid-utf-8 a-gigabyte a-gigabyte-in-chunks a-gigabyte-one-in-ten

  never-answers never-answers-one-in-twenty head-stalls body-stalls drips-slowly answers-too-late two-speeds
  slow-one-in-twenty freezes-after-30 predictions-stall-after-30

  nested-lists nested-within-answer json-cut-one-in-five json-null error-in-200-one-in-five escapes-in-error
  wrong-model wrong-batch no-outputs nan-in-data server-time-1e300 server-time-1e300-one-in-ten server-time-negative

  status-400 status-401 status-404 status-429-retry-after status-503-retry-after status-500-one-in-five
  status-429-one-in-two status-500-after-30

  closes-instead-one-in-five resets-instead resets-instead-one-in-five resets-in-body-one-in-five closes-in-body
  says-keep-alive-and-closes resets-after-each-answer

  dies-after-30 restarts-after-30 model-vanishes-after-30 health-lies health-hangs

  server-is-nested metadata-hangs metadata-of-wrong-types metadata-of-100-mb one-call-in-seven-is-reset list-in-escapes
  list-of-10000 metrics-are-endless load-hangs load-500 second-load-hangs unload-500 unload-hangs unload-does-nothing

  stream-error-one-in-five stream-error-in-escapes stream-stops-one-in-five stream-of-a-role stream-of-nested-events
  no-stream stream-never-ends stream-floods stream-of-pings stream-stalls-one-in-twenty usage-beyond
  usage-always-the-same refuses-long-prompts models-hang models-in-escapes models-are-10000 token-metrics-lie
`.trim().split(/\s+/);

/** The modes of the matrix. */
export const MATRIX_MODES: readonly Mode[] = OF_ALL_TEST_TYPES.map(modeNamed);

/** What is wanted of the matrix. */
export interface Choice {
  /** Names of modes; all if empty. A name may hold `*`. */
  readonly only: readonly string[];
  /** Test types; all if empty. */
  readonly testTypes: readonly TestType[];
  /** What the servers speak, where a mode can; the usual protocol of each mode if left out. */
  readonly dialect?: Dialect;
}

/**
 * The cells of the matrix: of every mode the basic test, of some every test; those that are named by themselves all that
 * are asked for.
 *
 * @param choice What is wanted.
 * @throws {TypeError} If a name fits no mode.
 */
export function matrixCells({ only, testTypes, dialect }: Choice): readonly Cell[] {
  const named = only.flatMap(modesLike);
  const wanted = testTypes.length === 0 ? ALL_TEST_TYPES : testTypes;
  const inMatrix = new Set(named.length > 0 && testTypes.length > 0 ? named : MATRIX_MODES);
  return (named.length > 0 ? named : ALL_MODES)
    .flatMap((mode) =>
      wanted.filter((testType) => testType === "basic" || inMatrix.has(mode))
        .filter((testType) => isSpoken(dialect, dialectsOf(mode, testType)))
        .map((testType) => cellOf(mode, testType, dialect))
    );
}

function isSpoken(wanted: Dialect | undefined, dialects: readonly Dialect[]): boolean {
  return wanted === undefined ? dialects.length > 0 : dialects.includes(wanted);
}

function modesLike(name: string): readonly Mode[] {
  const pattern = new RegExp(`^${name.replaceAll("*", ".*")}$`);
  const found = ALL_MODES.filter((mode) => pattern.test(mode.name));
  if (found.length === 0) throw new TypeError(`Cannot try "${name}" as it must be the name of a mode`);
  return found;
}
