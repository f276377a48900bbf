import { assertEquals, assertRejects } from "@std/assert";
import { ExchangeError } from "../../../src/core/errors.ts";
import type { FailureReason } from "../../../src/core/outcome.ts";
import type { Call, CallOptions } from "../../../src/core/transport.ts";
import { askedAgain, LostConnections } from "../../../src/protocols/shared/asked_again.ts";
import { jsonRequest } from "../../../src/protocols/shared/server_answer.ts";

const REQUEST = jsonRequest("GET", "/v2/health/ready?a=b");

/** A call that comes to each of these in turn, and then to answers. */
function server(...failures: (FailureReason | null)[]) {
  const seen: CallOptions[] = [];
  const call: Call = (_, options = {}) => {
    seen.push(options);
    const reason = failures.shift() ?? null;
    return reason === null
      ? Promise.resolve({ status: 200, headers: {}, body: new Uint8Array() })
      : Promise.reject(new ExchangeError(reason, reason));
  };
  const lost = new LostConnections();
  let isClosed = false;
  const again = askedAgain(call, { timeoutMs: 5000, lost, isClosed: () => isClosed });
  return { seen, lost, again, close: () => isClosed = true };
}

Deno.test("askedAgain() makes a call again where its connection was lost, and notes it", async () => {
  for (const failures of [["reset"], ["closed", "reset"], ["reset", "reset", "closed"]] as const) {
    const { seen, lost, again } = server(...failures);
    assertEquals((await again(REQUEST)).status, 200);
    assertEquals(seen.length, failures.length + 1);
    const [note] = lost.notes();
    const name = `GET /v2/health/ready (${failures.at(-1)})`;
    assertEquals(
      note,
      `The server dropped the connection of 1 call that is no prediction, and it was made again: ${name}.`,
    );
  }
  const { lost, again } = server();
  await again(REQUEST);
  assertEquals(lost.notes(), []);
});

Deno.test("askedAgain() gives up after four times, and gives each the rest of the deadline", async () => {
  const { seen, lost, again } = server("reset", "reset", "reset", "reset", null);
  await assertRejects(() => again(REQUEST, { timeoutMs: 2000 }), ExchangeError, "reset");
  assertEquals([seen.length, lost.notes()], [4, []]);
  const deadlines = seen.map(({ timeoutMs }) => timeoutMs!);
  assertEquals(deadlines, deadlines.toSorted((a, b) => b - a));
  assertEquals(deadlines[0], 2000);
});

Deno.test("askedAgain() makes no call again that was answered late, refused at first, or is to be made once", async () => {
  const cases: [FailureReason, CallOptions][] = [["timeout", {}], ["refused", {}], ["malformed", {}], ["reset", {
    once: true,
  }]];
  for (const [reason, options] of cases) {
    const { seen, again } = server(reason);
    await assertRejects(() => again(REQUEST, options), ExchangeError, reason);
    assertEquals(seen.length, 1, reason);
  }
  const { seen, again, close } = server(null, "refused", null, "reset");
  await again(REQUEST);
  await again(REQUEST);
  assertEquals(seen.length, 3, "refused by an address that has answered: it was lost");
  close();
  await assertRejects(() => again(REQUEST), ExchangeError, "reset");
  assertEquals(seen.length, 4);
});

Deno.test("askedAgain() ends with the signal between two calls", async () => {
  const { seen, again } = server("reset", "reset");
  const controller = new AbortController();
  const asked = again(REQUEST, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => asked, Error, "enough");
  assertEquals(seen.length, 1);
});
