import { parentPort, workerData } from "node:worker_threads";
import { ASKED, RUNG, WAIT_MS_AT } from "./alarm.ts";

const words = new Int32Array(workerData as SharedArrayBuffer, 0, 2);
const waitMs = new Float64Array(workerData as SharedArrayBuffer, WAIT_MS_AT, 1);

parentPort!.postMessage("ready");
for (let done = 0;;) {
  Atomics.wait(words, ASKED, done);
  const asked = Atomics.load(words, ASKED);
  // Asked anew meanwhile, it waits for that instead: nobody waits for this one any more.
  if (Atomics.wait(words, ASKED, asked, waitMs[0]!) !== "timed-out") continue;
  done = asked;
  Atomics.store(words, RUNG, asked);
  Atomics.notify(words, RUNG);
}
