import { assertEquals, assertFalse, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { ExchangeError, UsageError } from "../../src/core/errors.ts";
import { type Access, accessSecrets, parseProxy } from "../../src/wire/access.ts";
import { callOver } from "../../src/wire/call.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { createAuthority } from "./certificates.ts";
import { exchange, GET, text } from "./exchange.ts";
import { startHttpServer, startHttpsServer, startProxy } from "./http_server.ts";
import { httpAnswer, startRawServer } from "./raw_server.ts";

async function ask(url: string, access: Access = {}): Promise<unknown> {
  await using transport = openTransport(url, access);
  const { body } = await callOver(transport)(GET);
  return JSON.parse(new TextDecoder().decode(body));
}

Deno.test("openTransport() takes a server of a private authority only with that authority", async () => {
  const { ca, issue } = await createAuthority();
  await using server = await startHttpsServer(await issue("server"));
  assertEquals(await ask(server.url, { ca }), { host: new URL(server.url).host, peer: null });
  const error = await assertRejects(() => ask(server.url), ExchangeError);
  assertEquals(error.reason, "refused");
  const { ca: another } = await createAuthority();
  await assertRejects(() => ask(server.url, { ca: another }), ExchangeError);
});

Deno.test("openTransport() shows its certificate to a server that wants one", async () => {
  const { ca, issue } = await createAuthority();
  const { certificate: clientCertificate, key: clientKey } = await issue("client 7");
  await using server = await startHttpsServer(await issue("server"), ca);
  const answer = await ask(server.url, { ca, clientCertificate, clientKey });
  assertEquals(answer, { host: new URL(server.url).host, peer: "client 7" });
  await assertRejects(() => ask(server.url, { ca }), ExchangeError);
  assertThrows(() => openTransport(server.url, { clientKey }), UsageError, "no certificate");
});

Deno.test("openTransport() connects to a Unix socket and keeps the URL's host", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const unixSocket = `${folder}/server.sock`;
    await using server = await startHttpServer({ path: unixSocket });
    assertEquals(await ask("http://model.example:81", { unixSocket }), { host: "model.example:81", peer: null });
    assertEquals(server.asked, ["GET /"]);
    await assertRejects(() => ask("http://model.example", { unixSocket: `${folder}/none` }), ExchangeError, "ENOENT");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openTransport() sends plain requests to a proxy with the whole URL", async () => {
  await using server = await startHttpServer();
  await using proxy = await startProxy("Basic YTpi");
  const answer = await ask(`${server.url}/below`, { proxy: proxy.url.replace("//", "//a:b@") });
  assertEquals(answer, { host: new URL(server.url).host, peer: null });
  assertEquals(proxy.asked, [`GET ${server.url}/below/ Basic YTpi`]);
});

Deno.test("openTransport() reaches https through a proxy's tunnel, which alone sees the proxy's password", async () => {
  const { ca, issue } = await createAuthority();
  await using server = await startHttpsServer(await issue("server"));
  await using proxy = await startProxy("Basic YTpi");
  const { host } = new URL(server.url);
  assertEquals(await ask(server.url, { ca, proxy: proxy.url.replace("//", "//a:b@") }), { host, peer: null });
  assertEquals([proxy.asked, server.asked], [[`CONNECT ${host} Basic YTpi`], ["GET /"]]);
  const refused = await assertRejects(() => ask(server.url, { ca, proxy: proxy.url }), ExchangeError, "status 407");
  assertEquals(refused.reason, "refused");
  await assertRejects(() => ask(server.url, { ca, proxy: "http://127.0.0.1:1" }), ExchangeError, "ECONNREFUSED");
});

Deno.test("parseProxy() never shows a password", () => {
  for (const proxy of ["hunter2hunter2", "ftp://a:hunter2hunter2@b", "http://"]) {
    const error = assertThrows(() => parseProxy(proxy), UsageError);
    assertFalse(`${error.message} ${error.hint}`.includes("hunter2"), proxy);
  }
  const secrets = accessSecrets({ proxy: "http://me:p%40ssword@proxy:1" });
  assertStringIncludes(secrets.join(" "), "p@ssword");
  assertStringIncludes(secrets.join(" "), "p%40ssword");
});

Deno.test("openTransport() refuses a Unix socket together with a proxy", () => {
  const access = { unixSocket: "/s", proxy: "http://p" };
  assertThrows(() => openTransport("http://a", access), UsageError, "found both");
});

Deno.test("UndiciLane reads an answer whose connection is reset right behind it", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer('{"error":"no"}', 404, ["connection: close"]));
    connection.reset();
  });
  await using transport = openTransport(server.url);
  for (let i = 0; i < 5; i++) {
    const ended = await exchange(transport.openLane());
    assertEquals([ended.response?.status, text(ended)], [404, '{"error":"no"}'], ended.message);
  }
});
