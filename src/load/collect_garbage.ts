import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a smaller answer leaves behind is cleared up in time by itself. */
const LARGE_BYTES = 8 * 2 ** 20;

let collect: (() => void) | null = null;

/**
 * Has the memory cleared up that a large answer took while it was judged: left alone, several times the text and the values
 * of such answers pile up. It takes some milliseconds, where to judge one takes a hundred.
 *
 * @param bytes Length of the answer's body. Nothing is done for a small one.
 */
export function collectAfter(bytes: number): void {
  if (bytes < LARGE_BYTES) return;
  if (collect === null) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
