import { assertEquals, assertStringIncludes } from "@std/assert";
import { RequestError } from "../../../src/embedded/routes/request_error.ts";
import { refuseStrangers } from "../../../src/embedded/routes/strangers.ts";
import { startTestServer } from "../embedded_client.ts";

/** Status of the refusal; 200 where there is none. */
function statusOf(method: string, headers: Record<string, string>): number {
  try {
    refuseStrangers(new Request("http://127.0.0.1:8080/v2", { method, headers }));
    return 200;
  } catch (error) {
    if (error instanceof RequestError) return error.status;
    throw error;
  }
}

Deno.test("refuseStrangers() takes names of this machine alone", () => {
  for (const host of ["127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:9", "torchgauge.localhost", "127.1.2.3"]) {
    assertEquals(statusOf("GET", { host }), 200, host);
  }
  const foreign = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "169.254.1.1",
    "[::2]",
    "a b",
    "",
    "x@",
  ];
  for (const host of foreign) assertEquals(statusOf("GET", { host }), 403, host);
});

Deno.test("refuseStrangers() takes pages of this machine alone", () => {
  for (const origin of ["http://localhost:8888", "http://127.0.0.1:1", "https://localhost"]) {
    assertEquals(statusOf("POST", { origin }), 200, origin);
  }
  for (
    const origin of ["https://evil.example", "null", "http://localhost.evil.example", "file://", "chrome-extension://x"]
  ) {
    assertEquals(statusOf("POST", { origin }), 403, origin);
  }
  assertEquals(statusOf("GET", { "sec-fetch-site": "cross-site" }), 403);
  assertEquals(statusOf("GET", { "sec-fetch-site": "same-origin" }), 200);
});

Deno.test("refuseStrangers() takes no body that a page may send anywhere", () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    assertEquals(statusOf("POST", { "content-type": type }), 415, type);
  }
  for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/octet-stream"]) {
    assertEquals(statusOf("POST", { "content-type": type }), 200, type);
  }
});

Deno.test("the embedded server refuses a name that was made to mean this machine", async () => {
  await using test = await startTestServer();
  const { hostname, port } = new URL(test.server.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const request = "GET /models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  const answer = await new Response(connection.readable).text();
  assertEquals(answer.split("\r\n")[0], "HTTP/1.1 403 Forbidden");
  assertStringIncludes(answer, "evil.example");
});
