import { assertEquals } from "@std/assert";
import { unixSocketError } from "../../../src/wire/own_limits.ts";
import { classifyFailure } from "../../../src/wire/undici/failure_class.ts";

function failure(code: string): Error {
  return Object.assign(new Error(`it failed: ${code}`), { code });
}

Deno.test("classifyFailure() calls everything before the request was handed over refused, with its cause", () => {
  const both = new AggregateError([failure("ECONNREFUSED"), failure("EHOSTUNREACH")], "all attempts failed");
  const rows = [
    failure("EHOSTUNREACH"),
    failure("ENOTFOUND"),
    failure("CERT_HAS_EXPIRED"),
    both,
    unixSocketError(failure("EAGAIN")),
  ];
  const messages = rows.map((error) => classifyFailure(error, false));
  assertEquals(messages.map(({ reason }) => reason), rows.map(() => "refused"));
  assertEquals(messages.map(({ message }) => message), [
    "connection not opened: EHOSTUNREACH",
    "connection not opened: ENOTFOUND",
    "connection not opened: CERT_HAS_EXPIRED",
    "connection not opened: ECONNREFUSED",
    "connection not opened: EAGAIN, the server's queue of connections is full",
  ]);
});

Deno.test("classifyFailure() tells resets, lost connections and broken answers apart", () => {
  const rows = [["ECONNRESET", "reset"], ["EPIPE", "reset"], ["ETIMEDOUT", "closed"], ["UND_ERR_SOCKET", "closed"]];
  for (const [code, reason] of rows) assertEquals(classifyFailure(failure(code!), true).reason, reason);
  assertEquals(classifyFailure(failure("UND_ERR_HEADERS_OVERFLOW"), true).reason, "malformed");
  assertEquals(classifyFailure("what", true).reason, "malformed");
  const mismatch = failure("UND_ERR_RES_CONTENT_LENGTH_MISMATCH");
  assertEquals([true, false].map((ended) => classifyFailure(mismatch, true, ended).reason), ["closed", "malformed"]);
});
