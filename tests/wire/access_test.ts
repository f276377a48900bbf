import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { checkAccess, parseProxy, secretHeaders } from "../../src/wire/access.ts";

Deno.test("parseProxy() never shows a password", () => {
  for (const proxy of ["hunter2hunter2", "ftp://a:hunter2hunter2@b", "http://"]) {
    const error = assertThrows(() => parseProxy(proxy), UsageError);
    assertFalse(`${error.message} ${error.hint}`.includes("hunter2"), proxy);
  }
  assertEquals(secretHeaders({ proxy: "http://me:p%40ssword@proxy:1" }), [
    "proxy-authorization",
    `Basic ${btoa("me:p@ssword")}`,
    "proxy",
    "me:p%40ssword",
  ]);
  assertEquals(secretHeaders({ proxy: "http://proxy:1" }), []);
  // A lone %, and what is beyond latin1 can be sent.
  assertEquals(parseProxy("http://me:50%@proxy:1").authorization, `Basic ${btoa("me:50%")}`);
  assertEquals(parseProxy("http://me:5\u20ac@proxy:1").authorization, "Basic bWU6NeKCrA==");
});

Deno.test("checkAccess() refuses files that hold something else than they must", () => {
  const [certificate, key, encrypted] = ["CERTIFICATE", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"].map((kind) =>
    `-----BEGIN ${kind}-----\nAA==\n-----END ${kind}-----\n`
  ) as [string, string, string];
  checkAccess({
    ca: `# a comment\n${certificate}${certificate}`,
    clientCertificate: certificate + key,
    clientKey: key,
  });
  const rows = [
    [{ ca: key }, 'access.ca as it must hold a certificate, PEM: it holds "EC PRIVATE KEY" alone'],
    [{ ca: "" }, "access.ca as it must hold a certificate, PEM: it holds none"],
    [{ clientCertificate: key, clientKey: key }, "access.clientCertificate as it must hold a certificate"],
    [{ clientCertificate: certificate, clientKey: certificate }, "access.clientKey as it must hold a private key"],
    [{ clientCertificate: certificate, clientKey: encrypted }, "a private key that is not encrypted"],
  ] as const;
  for (const [access, message] of rows) assertThrows(() => checkAccess(access), UsageError, message);
});

Deno.test("checkAccess() takes hosts and addresses for the name of a certificate, and nothing else", () => {
  for (const tlsName of ["gpu-box", "a.example.com", "_x.b", "10.0.0.5", "::1"]) checkAccess({ tlsName });
  for (const tlsName of ["", "a:80", "https://a", "*.example.com", "a b", "-a"]) {
    assertThrows(() => checkAccess({ tlsName }), UsageError, `found "${tlsName}"`);
  }
});
