import type { Console } from "../../../src/cli/terminal/console.ts";

/** A terminal that nobody looks at. */
export const QUIET: Console = {
  write: () => Promise.resolve(),
  error: () => {},
  draw: () => {},
  terminalColumns: () => 80,
  color: false,
  ascii: false,
};
