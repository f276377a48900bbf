import { assertEquals } from "@std/assert";
import { ReusedConnection } from "../../src/wire/reused_connection.ts";

/** What is said of a connection that rested `idleMs` before a request, and broke `afterMs` behind it. */
function broke(idleMs: number, afterMs: number, openMs: number, status = 200) {
  const now = Date.now;
  let nowMs = 1000;
  Date.now = () => nowMs;
  try {
    const reused = new ReusedConnection();
    reused.answered(status);
    reused.rests();
    nowMs += idleMs;
    reused.reused();
    nowMs += afterMs;
    return reused.broke("reset", openMs);
  } finally {
    Date.now = now;
  }
}

Deno.test("a break behind an idle time is the answer's before only where it comes within a round trip or so", () => {
  assertEquals([broke(600, 3, 1), broke(600, 100, 1), broke(600, 300, 1)], ["unhandled", "unhandled", "failed"]);
  assertEquals([broke(600, 300, 250), broke(600, 5000, 250)], ["unhandled", "failed"]);
});

Deno.test("a break without an idle time is the answer's before where it comes right behind it, or behind an error", () => {
  assertEquals([broke(0, 3, 1), broke(0, 50, 1), broke(0, 50, 250)], ["unhandled", "failed", "failed"]);
  assertEquals([broke(0, 50, 1, 500), broke(0, 150, 1, 500)], ["unhandled", "failed"]);
});
