import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { connectServer } from "../../src/protocols/connect_server.ts";
import { openTransport, transportFor } from "../../src/wire/open_transport.ts";
import { TRANSPORT_NAMES } from "../../src/wire/transport_names.ts";

const URL = "http://127.0.0.1:1";

Deno.test("openTransport() opens the transport of a name, or the default", async () => {
  for (const transport of [undefined, ...TRANSPORT_NAMES]) {
    await using opened = openTransport(URL, {}, { transport });
    assertEquals(opened.origin, URL);
  }
});

Deno.test("transportFor() is the first of the table that serves the URL and the access", () => {
  assertEquals(transportFor(URL, {}), "http1");
  assertEquals(transportFor("https://a", { ca: "c", clientCertificate: "c", clientKey: "k" }), "http1");
  assertEquals(transportFor(URL, { unixSocket: "/s" }), "http1");
  assertEquals(transportFor("https://a", { unixSocket: "/s" }), "undici");
  assertEquals(transportFor(URL, { proxy: "http://p" }), "undici");
});

Deno.test("openTransport() refuses a transport that does not serve what the access names", () => {
  for (const [url, access] of [["https://a", { unixSocket: "/s" }], [URL, { proxy: "http://p" }]] as const) {
    assertThrows(() => openTransport(url, access, { transport: "http1" }), UsageError, "does not serve");
  }
});

Deno.test("openTransport() refuses names that are none, those of every object among them", () => {
  for (const transport of ["", "udp", "toString", "__proto__"]) {
    assertThrows(() => openTransport(URL, {}, { transport }), UsageError, `found "${transport}"`);
  }
});

Deno.test("openTransport() refuses headers that cannot be sent, without telling their values", () => {
  for (const headers of [{ "a b": "secret" }, { "x": "sec\nret" }, { "Transfer-Encoding": "secret" }]) {
    const error = assertThrows(() => openTransport(URL, {}, { headers }), UsageError);
    assertEquals(/sec\s?ret/.test(error.message + error.hint), false);
  }
});

Deno.test("openTransport() refuses a Unix socket together with a proxy, and a certificate without its key", () => {
  assertThrows(() => openTransport("http://a", { unixSocket: "/s", proxy: "http://p" }), UsageError, "found both");
  assertThrows(() => openTransport("https://a", { clientKey: "k" }), UsageError, "no certificate");
});

Deno.test("connectServer() goes by the transport that it is given", async () => {
  await assertRejects(() => connectServer(URL, { transport: "udp" }), UsageError, 'found "udp"');
});
