import { assertEquals, assertMatch } from "@std/assert";
import { json } from "../protocols/fake_server.ts";
import { startRoutesServer } from "../protocols/routes_server.ts";
import { run } from "./command.ts";

/** Sets the title of a window, clears the screen by an 8-bit sequence, and turns the direction of writing. */
const HOSTILE = "\x1b]0;owned\x07 \x9b2J \u202e end";
const NAME = `m ${HOSTILE}`;

Deno.test("words of a server have no power over the terminal, wherever they are printed", async (t) => {
  const path = `/v2/models/${encodeURIComponent(NAME)}`;
  await using server = await startRoutesServer({
    "GET /v2": json({ name: HOSTILE, version: HOSTILE, extensions: ["model_repository"] }),
    "GET /v2/health/ready": json({}),
    "POST /v2/repository/index": json([{ name: NAME, state: HOSTILE, reason: HOSTILE }]),
    [`GET ${path}`]: json({
      name: NAME,
      platform: HOSTILE,
      inputs: [{ name: HOSTILE, datatype: "FP32", shape: [-1, 4] }],
      outputs: [],
    }),
    [`GET ${path}/ready`]: json({}),
    [`POST ${path}/infer`]: json({ error: `cannot: ${HOSTILE}` }, 400),
  });
  const asked = ["--url", server.url, "--protocol", "kserve-v2"];
  const load = [...asked, "--model", NAME, "--requests", "5", "--quick"];
  const commands: Record<string, string[]> = {
    list: [...asked, "--list-models"],
    "no model of that name": [...asked, "--model", "other", "--test-type", "basic"],
    text: [...load, "--test-type", "basic", "--verbose"],
    json: [...load, "--test-type", "basic", "--format", "json"],
    csv: [...load, "--test-type", "basic", "--format", "csv"],
  };
  for (const [what, args] of Object.entries(commands)) {
    await t.step(what, async () => {
      const { stdout, stderr } = await run(args);
      if (what !== "csv") assertMatch(stdout + stderr, /owned/);
      // deno-lint-ignore no-control-regex
      assertEquals((stdout + stderr).match(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+/g), null);
      if (what !== "json") assertEquals(/\u202e/.test(stdout + stderr), false);
    });
  }
});
