import { assertEquals, assertRejects } from "@std/assert";
import { openSocket } from "../../../src/wire/http1/open_socket.ts";
import { parseServerUrl } from "../../../src/wire/url.ts";
import { startRawServer } from "../raw_server.ts";

Deno.test("openSocket() does not wait for a connection with a client certificate once the signal came, and closes it", async () => {
  const { connectTls } = Deno;
  const connecting = Promise.withResolvers<Deno.TlsConn>();
  Deno.connectTls = () => connecting.promise;
  const controller = new AbortController();
  let closed = 0;
  try {
    const url = parseServerUrl("https://localhost:1");
    const opening = openSocket(url, { clientCertificate: "certificate", clientKey: "key" }, controller.signal);
    controller.abort(new Error("cancelled"));
    await assertRejects(() => opening, Error, "cancelled");
    connecting.resolve({ close: () => closed++ } as unknown as Deno.TlsConn);
    await connecting.promise;
    assertEquals(closed, 1);
  } finally {
    Deno.connectTls = connectTls;
  }
});

Deno.test("openSocket() gives no socket that the signal closed when the handshake was done, and closes it once", async () => {
  await using server = await startRawServer((connection) => connection.closed);
  const { startTls } = Deno;
  const controller = new AbortController();
  let closed = 0;
  Deno.startTls = (socket) => {
    const handshake = () => {
      controller.abort(new Error("cancelled"));
      return Promise.resolve({ alpnProtocol: null });
    };
    const close = () => {
      closed++;
      socket.close();
    };
    return Promise.resolve({ handshake, close } as unknown as Deno.TlsConn);
  };
  try {
    const url = parseServerUrl(server.url.replace("http:", "https:"));
    await assertRejects(() => openSocket(url, {}, controller.signal), Error, "cancelled");
  } finally {
    Deno.startTls = startTls;
  }
  assertEquals(closed, 1);
});
