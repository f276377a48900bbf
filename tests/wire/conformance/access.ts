import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ExchangeError, UsageError } from "../../../src/core/errors.ts";
import type { Access } from "../../../src/wire/access.ts";
import { callOver } from "../../../src/wire/call.ts";
import { createAuthority, createSelfSigned } from "../certificates.ts";
import { exchange, GET, text } from "../exchange.ts";
import { startHttpServer, startHttpsServer, startProxy } from "../http_server.ts";
import { httpAnswer, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

async function ask(open: Subject["open"], url: string, access: Access = {}): Promise<unknown> {
  await using transport = open(url, access);
  const { body } = await callOver(transport)(GET);
  return JSON.parse(new TextDecoder().decode(body));
}

/** Certificates, Unix sockets and proxies. */
export function accessCases({ open, test }: Subject): void {
  test("openTransport() takes a server of a private authority only with that authority", async () => {
    const { ca, issue } = await createAuthority();
    await using server = await startHttpsServer(await issue("server"));
    assertEquals(await ask(open, server.url, { ca }), { host: new URL(server.url).host, peer: null });
    const error = await assertRejects(() => ask(open, server.url), ExchangeError);
    assertEquals(error.reason, "refused");
    const { ca: another } = await createAuthority();
    await assertRejects(() => ask(open, server.url, { ca: another }), ExchangeError);
  }, ["https", "ca"]);

  test("openTransport() shows its certificate to a server that wants one", async () => {
    const { ca, issue } = await createAuthority();
    const { certificate: clientCertificate, key: clientKey } = await issue("client 7");
    await using server = await startHttpsServer(await issue("server"), ca);
    const answer = await ask(open, server.url, { ca, clientCertificate, clientKey });
    assertEquals(answer, { host: new URL(server.url).host, peer: "client 7" });
    await assertRejects(() => ask(open, server.url, { ca }), ExchangeError);
    assertThrows(() => open(server.url, { clientKey }), UsageError, "no certificate");
  }, ["https", "ca", "clientCertificate", "clientKey"]);

  test("openTransport() holds a certificate against the name that was given, not against the URL's host", async () => {
    const { ca, issue } = await createAuthority();
    const rows = [[await issue("server", "DNS:gpu-box,IP:10.0.0.5"), ca], [
      await createSelfSigned("gpu-box"),
      null,
    ]] as const;
    for (const [identity, authority] of rows) {
      await using server = await startHttpsServer(identity);
      const trust = { ca: authority ?? identity.certificate };
      const answer = { host: new URL(server.url).host, peer: null };
      assertEquals(await ask(open, server.url, { ...trust, tlsName: "gpu-box" }), answer);
      for (const access of [trust, { ...trust, tlsName: "other-box" }, { tlsName: "gpu-box" }]) {
        const error = await assertRejects(() => ask(open, server.url, access), ExchangeError);
        assertEquals(error.reason, "refused");
      }
      const byAddress = () => ask(open, server.url, { ...trust, tlsName: "10.0.0.5" });
      if (authority === null) await assertRejects(byAddress, ExchangeError);
      else assertEquals(await byAddress(), answer);
    }
  }, ["https", "ca", "tlsName"]);

  test("openTransport() takes any certificate where it is told to check none", async () => {
    await using server = await startHttpsServer(await createSelfSigned("gpu-box"));
    assertEquals(await ask(open, server.url, { insecure: true }), { host: new URL(server.url).host, peer: null });
    await assertRejects(() => ask(open, server.url), ExchangeError);
  }, ["https", "insecure"]);

  test("openTransport() connects to a Unix socket and keeps the URL's host", async () => {
    const folder = await Deno.makeTempDir();
    try {
      const unixSocket = `${folder}/server.sock`;
      await using server = await startHttpServer({ path: unixSocket });
      assertEquals(await ask(open, "http://model.example:81", { unixSocket }), {
        host: "model.example:81",
        peer: null,
      });
      assertEquals(server.asked, ["GET /"]);
      await assertRejects(
        () => ask(open, "http://model.example", { unixSocket: `${folder}/none` }),
        ExchangeError,
        "ENOENT",
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }, ["unixSocket"]);

  test("openTransport() sends plain requests to a proxy with the whole URL", async () => {
    await using server = await startHttpServer();
    await using proxy = await startProxy("Basic YTpi");
    const answer = await ask(open, `${server.url}/below`, { proxy: proxy.url.replace("//", "//a:b@") });
    assertEquals(answer, { host: new URL(server.url).host, peer: null });
    assertEquals(proxy.asked, [`GET ${server.url}/below/ Basic YTpi`]);
  }, ["proxy"]);

  test("openTransport() reaches https through a proxy's tunnel, which alone sees the proxy's password", async () => {
    const { ca, issue } = await createAuthority();
    await using server = await startHttpsServer(await issue("server"));
    await using proxy = await startProxy("Basic YTpi");
    const { host } = new URL(server.url);
    assertEquals(await ask(open, server.url, { ca, proxy: proxy.url.replace("//", "//a:b@") }), { host, peer: null });
    assertEquals([proxy.asked, server.asked], [[`CONNECT ${host} Basic YTpi`], ["GET /"]]);
    const refused = await assertRejects(
      () => ask(open, server.url, { ca, proxy: proxy.url }),
      ExchangeError,
      "status 407",
    );
    assertEquals(refused.reason, "refused");
    await assertRejects(
      () => ask(open, server.url, { ca, proxy: "http://127.0.0.1:1" }),
      ExchangeError,
      "ECONNREFUSED",
    );
  }, ["https", "ca", "proxy"]);

  test("send() reads an answer whose connection is reset right behind it", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer('{"error":"no"}', 404, ["connection: close"]));
      connection.reset();
    });
    await using transport = open(server.url);
    for (let i = 0; i < 5; i++) {
      const ended = await exchange(transport.openLane());
      assertEquals([ended.response?.status, text(ended)], [404, '{"error":"no"}'], ended.message);
    }
  });
}
