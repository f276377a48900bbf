import { assertEquals } from "@std/assert";
import { startNullServer } from "../../src/observe/null_server.ts";

Deno.test("startNullServer() answers every request with the same bytes, whatever is sent", async () => {
  await using server = await startNullServer();
  const body = new TextEncoder().encode('{"success":true}');
  await server.answer({ status: 201, headers: [["content-type", "application/json"]], body });
  for (const path of ["/", "/m/predict"]) {
    const response = await fetch(server.origin + path, { method: "POST", body: "x".repeat(100_000) });
    assertEquals([response.status, response.headers.get("content-type")], [201, "application/json"]);
    assertEquals(await response.json(), { success: true });
  }
});
