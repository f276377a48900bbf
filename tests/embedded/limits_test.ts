import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { startTestServer, type TestServer } from "./embedded_client.ts";

const MAIN = fileURLToPath(new URL("../../src/embedded/main.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../src/embedded/deno.json", import.meta.url));

const HEAD = "POST /models/download HTTP/1.1\r\nhost: 127.0.0.1\r\n";
/** What a client sends and then stops. */
const STALLED: Readonly<Record<string, string>> = {
  "nothing": "",
  "half a head": HEAD,
  "half a body": `${HEAD}content-length: 1000\r\n\r\n{`,
  "half a chunked body": `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`,
  "half a body to nowhere": HEAD.replace("models/download", "nowhere") + "content-length: 1000\r\n\r\n{",
};

async function connect(url: string, text: string): Promise<Deno.Conn> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

/** What comes until the server closes. */
async function rest(connection: Deno.Conn): Promise<string> {
  let text = "";
  const bytes = new Uint8Array(4096);
  try {
    for (let n; (n = await connection.read(bytes)) !== null;) text += new TextDecoder().decode(bytes.subarray(0, n));
  } catch {
    // It was reset.
  }
  connection.close();
  return text;
}

async function health(url: string): Promise<number> {
  const response = await fetch(`${url}/health`, { headers: { connection: "close" } });
  await response.body?.cancel();
  return response.status;
}

Deno.test("the embedded server serves others beside clients that stall, and closes those", async () => {
  await using server = await startTestServer();
  const { url } = server.server;
  const stalled = await Promise.all(
    Object.entries(STALLED).flatMap(([what, text]) =>
      Array.from({ length: 100 }, async () => ({ what, connection: await connect(url, text) }))
    ),
  );
  assertEquals(await health(url), 200);
  for (const { what, connection } of stalled) {
    assertMatch(await rest(connection), /^$|^HTTP\/1\.1 (408|404) /, what);
  }
  assertEquals(await health(url), 200);
});

Deno.test("the embedded server refuses what is too large and goes on", async () => {
  await using server = await startTestServer({ maxBodyBytes: 1000 });
  const { url } = server.server;
  const head = `GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: ${"x".repeat(20_000)}\r\n\r\n`;
  assertMatch(await rest(await connect(url, head)), /^HTTP\/1\.1 431 /);
  assertMatch(await rest(await connect(url, `${HEAD}content-length: 1001\r\n\r\n`)), /^HTTP\/1\.1 413 /);
  const chunk = `3e9\r\n${"x".repeat(1001)}\r\n`;
  assertMatch(await rest(await connect(url, `${HEAD}transfer-encoding: chunked\r\n\r\n${chunk}`)), /^HTTP\/1\.1 413 /);
  assertEquals(await health(url), 200);
});

Deno.test("the embedded server keeps a connection open beyond a body that it did not want", async () => {
  await using server: TestServer = await startTestServer();
  const asked = "POST /nowhere HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 3\r\n\r\nabc";
  const last = "GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
  const answers = await rest(await connect(server.server.url, asked + asked + last));
  assertEquals(answers.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 404", "HTTP/1.1 404", "HTTP/1.1 200"]);
});

Deno.test({
  name: "the embedded server with few files left closes connections that wait, and takes new ones",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    const cacheDir = await Deno.makeTempDir();
    const words = [Deno.execPath(), "run", "-A", "--quiet", "--config", CONFIG, MAIN, "--cache-dir", cacheDir];
    const child = new Deno.Command("sh", {
      args: ["-c", `ulimit -n 1024; exec ${words.map((word) => `'${word}'`).join(" ")}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stderr = new Response(child.stderr).text();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { url } = JSON.parse((await reader.read()).value!);
    for (const [what, text] of Object.entries(STALLED)) {
      await t.step(`1500 that send ${what}`, async () => {
        const connections: Deno.Conn[] = [];
        for (let i = 0; i < 1500; i++) {
          // One that is closed at once may be gone before it has sent a byte.
          await connect(url, text).then((connection) => connections.push(connection), () => {});
        }
        assertEquals(await health(url), 200);
        for (const connection of connections) connection.close();
      });
    }
    await child.stdin.close();
    await reader.cancel();
    assertEquals((await child.status).code, 0);
    const lines = (await stderr).trimEnd().split("\n");
    assertStringIncludes(lines[0]!, "connections: those that have sent no whole request for longest are closed.");
    assert(lines.length <= 3, lines.join("\n"));
    await Deno.remove(cacheDir, { recursive: true });
  },
});
