import { assertEquals, assertMatch, assertRejects, assertStrictEquals, assertStringIncludes } from "@std/assert";
import { ExchangeError, TargetError } from "../../../src/core/errors.ts";
import { connectServer, type ConnectServerOptions } from "../../../src/protocols/connect_server.ts";
import { PROTOCOLS } from "../../../src/protocols/detect.ts";
import { explained } from "../../../src/protocols/failure/explained.ts";
import { callOver } from "../../../src/wire/call.ts";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { TRANSPORT_NAMES } from "../../../src/wire/transport_names.ts";
import { createAuthority, createSelfSigned } from "../../wire/certificates.ts";
import { startHttpServer, startHttpsServer, startProxy } from "../../wire/http_server.ts";
import { startRawServer } from "../../wire/raw_server.ts";

/** Message and hint of a connection that fails, by every transport and with the protocol asked for or not. */
async function failures(url: string, options: ConnectServerOptions = {}): Promise<string[]> {
  const failed: string[] = [];
  for (const transport of options.transport === undefined ? TRANSPORT_NAMES : [options.transport]) {
    for (const protocol of ["auto", "kserve-v2"]) {
      const connecting = () => connectServer(url, { timeoutMs: 1000, protocol, ...options, transport });
      const error = await assertRejects(connecting, TargetError);
      failed.push(`${error.message} | ${error.hint}`);
    }
  }
  return failed;
}

Deno.test("connectServer() says why a server cannot be reached", async () => {
  await using silent = await startRawServer(async (connection) => {
    while (await connection.read() !== null);
  });
  await using other = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write("220 mail ready\r\n");
  });
  await using stuck = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":');
    while (await connection.read() !== null);
  });
  const rows = [
    ["http://127.0.0.1:1", "ECONNREFUSED", "running"],
    [stuck.url, "the whole answer did not come within 200 ms", "began to answer and did not end"],
    [silent.url, "did not come within 200 ms", "busy"],
    [other.url, "not a valid HTTP answer", "HTTP/1.1"],
  ] as const;
  for (const [url, found, hint] of rows) {
    for (const text of await failures(url, { timeoutMs: 200 })) {
      assertStringIncludes(text, found);
      assertStringIncludes(text, `${url}/`);
      assertStringIncludes(text.split(" | ")[1]!, hint);
    }
  }
});

Deno.test("explained() calls a port open only where a connection came", async () => {
  const href = "http://127.0.0.1:1";
  const hints = ["a connection", "an answer"].map(async (missing) => {
    const message = `GET ${href}/health: ${missing} did not come within 200 ms`;
    return String((await explained(new ExchangeError("timeout", message), href) as TargetError).hint);
  });
  const [unreached, silent] = await Promise.all(hints);
  assertStringIncludes(unreached!, "are host and port right");
  assertStringIncludes(silent!, "The port is open");
});

Deno.test("connectServer() names the certificate's names and the one asked for, and how to go on", async () => {
  const { ca, issue } = await createAuthority();
  await using server = await startHttpsServer(await issue("server", "DNS:*.example.com,DNS:gpu-box,IP:10.0.0.5"));
  for (const text of await failures(server.url, { access: { ca } })) {
    assertStringIncludes(
      text,
      "its certificate is of *.example.com, gpu-box, 10.0.0.5, and was asked for 127.0.0.1 | ",
    );
    assertStringIncludes(text, "with access.tlsName: gpu-box, or not at all with access.insecure.");
  }
  const alone = await createSelfSigned("gpu-box");
  await using another = await startHttpsServer(alone);
  for (const text of await failures(another.url, { access: { ca: alone.certificate } })) {
    assertStringIncludes(text, "its certificate is of gpu-box, and was asked for 127.0.0.1 | ");
  }
  const options = { access: { ca, tlsName: "gpu-box" }, transport: "undici" };
  for (const text of await failures(another.url, options)) {
    assertStringIncludes(text, "its certificate, of gpu-box, is signed by itself | Give its authority with access.ca");
  }
});

Deno.test("connectServer() names the certificate as the cause through a proxy as well", async () => {
  const { ca, issue } = await createAuthority();
  await using server = await startHttpsServer(await issue("server", "DNS:gpu-box"));
  await using proxy = await startProxy();
  for (const text of await failures(server.url, { access: { ca, proxy: proxy.url }, transport: "undici" })) {
    assertStringIncludes(text, "its certificate is of gpu-box, and was asked for 127.0.0.1 | ");
    assertStringIncludes(text, "with access.tlsName: gpu-box, or not at all with access.insecure.");
  }
  const message = "GET https://x.invalid/health: connection not opened: ERR_TLS_CERT_ALTNAME_INVALID";
  const unseen = await explained(new ExchangeError("refused", message), "https://x.invalid", {
    access: { proxy: "http://127.0.0.1:1" },
  }) as TargetError;
  assertStringIncludes(`${unseen.message} | ${unseen.hint}`, "its certificate is not taken | Have it checked");
});

Deno.test("connectServer() says of a certificate that it has no subjectAltName, or is of an old version", async () => {
  const { ca, issue } = await createAuthority();
  const rows = [["", "has its name in no subjectAltName"], [null, "is of an old version"]] as const;
  for (const [names, found] of rows) {
    await using server = await startHttpsServer(await issue("localhost", names));
    const url = server.url.replace("127.0.0.1", "localhost");
    for (const text of await failures(url, { access: { ca }, transport: "http1" })) {
      assertStringIncludes(text, `its certificate, of localhost, ${found} | Try transport: undici, or have a new one`);
    }
    await using taken = openTransport(url, { ca }, { transport: "undici" });
    assertEquals((await callOver(taken)({ method: "GET", path: "/", headers: [], body: null })).status, 200);
  }
  await using server = await startHttpsServer(await issue("127.0.0.1", ""));
  for (const text of await failures(server.url, { access: { ca } })) {
    assertStringIncludes(text, "of 127.0.0.1, has its name in no subjectAltName | Have a new one made, or have it not");
  }
});

Deno.test("connectServer() sends to a transport that takes a certificate which is its own authority", async () => {
  const { certificate, key } = await createSelfSigned("localhost");
  await using server = await startHttpsServer({ certificate, key });
  const url = server.url.replace("127.0.0.1", "localhost");
  for (const text of await failures(url, { access: { ca: certificate }, transport: "http1" })) {
    assertStringIncludes(text, "is its own authority, which this transport does not take | Try transport: undici.");
  }
});

Deno.test("connectServer() tells TLS from plain text, and which URL to give", async () => {
  const { issue } = await createAuthority();
  await using secure = await startHttpsServer(await issue("server"));
  await using plain = await startHttpServer();
  for (const text of await failures(secure.url.replace("https:", "http:"))) {
    assertStringIncludes(text, `it speaks TLS there | Try url: ${secure.url}.`);
  }
  for (const text of await failures(plain.url.replace("http:", "https:"))) {
    assertStringIncludes(text, `it speaks plain HTTP there, without TLS | Try url: ${plain.url}.`);
  }
});

Deno.test("connectServer() says that there is no Unix socket, or that nothing listens on it", async () => {
  const file = await Deno.makeTempFile();
  try {
    for (
      const [unixSocket, found] of [[`${file}.none`, "there is no Unix socket"], [file, "nothing listens on"]] as const
    ) {
      for (const text of await failures("http://model", { access: { unixSocket } })) {
        assertStringIncludes(text, found);
        assertStringIncludes(text, unixSocket);
        assertStringIncludes(text, "is access.unixSocket right?");
      }
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("connectServer() says where a server redirects to, and which URL to give", async () => {
  const rows = [
    ["https://models.example.com$", "try url: https://models.example.com."],
    ["$/", "the server wants a slash behind its paths, which cannot be given."],
  ] as const;
  for (const [location, hint] of rows) {
    await using server = await startHttpServer({
      handler: ({ url }, response) => {
        response.writeHead(307, { location: location.replace("$", url!) });
        response.end();
      },
    });
    for (const text of await failures(server.url)) {
      assertStringIncludes(text, location.replace(/\$.*/, "/"));
      assertStringIncludes(text, hint);
    }
    for (const protocol of PROTOCOLS.map(({ name }) => name)) {
      const error = await assertRejects(() => connectServer(server.url, { protocol }), TargetError);
      const led = location.replace("$", "/");
      assertMatch(error.message, /answers status 307: a redirect to [^;]*$/, protocol);
      assertStringIncludes(error.message, led.endsWith("//") ? "/" : led);
      assertStringIncludes(error.hint ?? "", hint);
    }
  }
});

Deno.test("explained() tells an unknown host from a closed port", async () => {
  const unknown = new ExchangeError("refused", "GET http://x/health: connection not opened: ENOTFOUND");
  const error = await explained(unknown, "http://x") as TargetError;
  assertStringIncludes(error.hint ?? "", "name is not known");
});

Deno.test("explained() leaves what has a hint, what is no failure of the server's and other addresses alone", async () => {
  const hinted = new TargetError("a", { hint: "b" }), fault = new Error("c");
  assertStrictEquals(await explained(hinted, "http://x"), hinted);
  assertStrictEquals(await explained(fault, "http://x"), fault);
  const elsewhere = new ExchangeError("refused", "GET http://x:8081/models: connection not opened: ECONNREFUSED");
  assertEquals((await explained(elsewhere, "http://x:8080") as TargetError).hint, undefined);
});
