import { assertEquals } from "@std/assert";
import { unixSocketError } from "../../../src/wire/own_limits.ts";
import { brokenConnection, openFailure } from "../../../src/wire/http1/socket_failure.ts";

function failure(code: string): Error {
  return Object.assign(new Error(`it failed: ${code}`), { code });
}

Deno.test("openFailure() calls everything refused but limits of this machine, with its cause as undici names it", () => {
  const rows: readonly (readonly [unknown, string])[] = [
    [failure("ECONNREFUSED"), "ECONNREFUSED"],
    [new Error("failed to lookup address information: Name or service not known"), "ENOTFOUND"],
    [new Deno.errors.InvalidData("invalid peer certificate: UnknownIssuer"), "invalid peer certificate: UnknownIssuer"],
    ["what", "what"],
    [unixSocketError(failure("EAGAIN")), "EAGAIN, the server's queue of connections is full"],
    [unixSocketError(failure("ENOENT")), "ENOENT"],
  ];
  for (const [error, cause] of rows) {
    assertEquals(openFailure(error), { reason: "refused", message: `connection not opened: ${cause}` });
  }
  for (const code of ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "EAGAIN", "ENOBUFS"]) {
    const { reason, message } = openFailure(failure(code));
    assertEquals([reason, message.startsWith(`connection not opened: ${code}, this `)], ["client", true]);
  }
});

Deno.test("brokenConnection() tells resets, lost connections and broken TLS apart", () => {
  const rows = [["ECONNRESET", "reset"], ["EPIPE", "reset"], ["ECONNABORTED", "reset"], ["ETIMEDOUT", "closed"]];
  for (const [code, reason] of rows) assertEquals(brokenConnection(failure(code!), true).reason, reason);
  const alert = new Deno.errors.InvalidData("received fatal alert: CertificateRequired");
  assertEquals([brokenConnection(alert, false).reason, brokenConnection(alert, true).reason], ["refused", "malformed"]);
  const truncated = new Deno.errors.UnexpectedEof("peer closed connection without sending TLS close_notify");
  assertEquals(brokenConnection(truncated, true).reason, "closed");
});
