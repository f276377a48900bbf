import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));

/** What the task says where the registry answers so. */
async function audited(answer: () => Response) {
  await using registry = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  return await task(`http://127.0.0.1:${registry.addr.port}/`);
}

async function task(registry: string, env: Record<string, string> = {}) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    // Not the task: with another registry Deno would first fetch all packages from there.
    args: ["run", "--no-config", "--no-prompt", `--allow-run=${Deno.execPath()}`, "tasks/audit.ts"],
    cwd: ROOT,
    env: { NPM_CONFIG_REGISTRY: registry, NO_COLOR: "1", ...env },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) };
}

const advisory = (severity: string) =>
  Response.json({
    undici: [{
      id: 1,
      url: "https://example.org/1",
      title: "A hole",
      severity,
      vulnerable_versions: "*",
      cwe: [],
      cvss: {},
    }],
  });

Deno.test("a vulnerability of high severity fails the gate, a lower one does not", async () => {
  const high = await audited(() => advisory("critical"));
  assertEquals(high.code, 1, high.said);
  assertStringIncludes(high.said, "A hole");
  assertEquals((await audited(() => advisory("low"))).code, 0);
  assertEquals((await audited(() => Response.json({}))).code, 0);
});

Deno.test("a registry that does not answer is said, and fails nothing", async () => {
  for (const env of [{}, { LD_LIBRARY_PATH: "/nowhere" }]) {
    const { code, said } = await task("http://127.0.0.1:9/", env);
    assertEquals(code, 0, said);
    assertMatch(said, /^Not audited: /);
  }
  const refused = await audited(() => new Response("no such thing", { status: 404 }));
  assertEquals(refused.code, 0, refused.said);
  assertMatch(refused.said, /^Not audited: /);
});
