/** What a page of another site can do to the embedded server, in a real browser. */
import { assertEquals } from "@std/assert";
import { startTestServer } from "../embedded/embedded_client.ts";
import { browserTest } from "./browser.ts";

/** A name that its owner made to mean this machine, so that the browser does not ask whether the page may reach it. */
const NAMES = "--host-resolver-rules=MAP stranger.example 127.0.0.1";

browserTest("a page of another site can neither ask nor change the embedded server", async (browser) => {
  await using test = await startTestServer({ models: ["bert"] });
  const context = await browser.newContext();
  const page = await context.newPage();
  await using site = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<p>Hello", { headers: { "content-type": "text/html" } }),
  );
  await page.goto(`http://stranger.example:${site.addr.port}/`);
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (response.url().startsWith(test.server.url)) statuses.push(response.status());
  });
  // What a page may send without asking first: it sees no answer, but the server would have done what it said.
  await page.evaluate(async (url) => {
    const send = (path: string, body: BodyInit) =>
      fetch(url + path, { method: "POST", mode: "no-cors", body }).catch(() => {});
    await send("/v2/repository/models/bert/unload", "{}");
    await send("/v2/repository/models/bert/unload", new Blob(["{}"]));
    await send("/autoscaler/unload", JSON.stringify({ model: "bert" }));
    await send("/autoscaler/unload", new URLSearchParams({ model: "bert" }));
  }, test.server.url);
  assertEquals(statuses.map((status) => status >= 400), [true, true, true, true]);
  assertEquals((await test.call("GET", "/v2/models/bert/ready")).status, 200);
  await context.close();
}, [NAMES]);
