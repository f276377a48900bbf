import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { startTestServer } from "./embedded_client.ts";

/** Resolves when a process is gone; the test's own time limit ends it otherwise. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function isRunning(pid: number): boolean {
  try {
    // SIGCONT changes nothing in a running process. A zombie waits for its parent and does nothing more.
    Deno.kill(pid, "SIGCONT");
    return Deno.build.os !== "linux" || !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

Deno.test("startEmbeddedServer() serves on 127.0.0.1 from a process of its own until it is closed", async () => {
  await using test = await startTestServer();
  const { url, pid } = test.server;
  assertEquals(new URL(url).hostname, "127.0.0.1");
  assert(pid !== Deno.pid && isRunning(pid));
  assertEquals((await test.call("GET", "/models")).json.models, []);
  await test.server.close();
  await test.server.ended;
  await gone(pid);
  await assertRejects(() => fetch(url));
  await test.server.close();
});

Deno.test({
  name: "startEmbeddedServer() keeps ONNX Runtime from telling its maker what runs here",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using test = await startTestServer();
    const environment = await Deno.readTextFile(`/proc/${test.server.pid}/environ`);
    assert(environment.split("\0").includes("ORT_DISABLE_TELEMETRY=1"));
  },
});

Deno.test("startEmbeddedServer() ends with its signal, started or not", async () => {
  const controller = new AbortController();
  await using test = await startTestServer({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await test.server.ended;
  await gone(test.server.pid);
  await assertRejects(() => startEmbeddedServer({ signal: controller.signal }), Error, "enough");

  const during = new AbortController();
  const starting = startEmbeddedServer({ signal: during.signal });
  during.abort(new Error("changed my mind"));
  await assertRejects(() => starting, Error, "changed my mind");
});

Deno.test("startEmbeddedServer() refuses options that cannot be", async () => {
  await assertRejects(() => startEmbeddedServer({ models: ["vgg16"] }), UsageError, 'found "vgg16"');
  await assertRejects(() => startEmbeddedServer({ port: 70000 }), UsageError, "current value is 70000");
  await assertRejects(() => startEmbeddedServer({ threads: 0.5 }), UsageError, '"threads"');
  await assertRejects(() => startEmbeddedServer({ cacheDir: "a,b" }), UsageError, 'found "a,b"');
});

Deno.test("startEmbeddedServer() tells in the server's words why it did not start", async () => {
  await using test = await startTestServer();
  const port = Number(new URL(test.server.url).port);
  const taken = await assertRejects(
    () => startEmbeddedServer({ port }),
    TargetError,
    "Cannot start the embedded server",
  );
  assertStringIncludes(taken.message, `port ${port} must be free: something listens there`);
  const file = await Deno.makeTempFile();
  const start = () => startEmbeddedServer({ models: ["bert"], cacheDir: file });
  const refused = await assertRejects(start, TargetError);
  assertStringIncludes(refused.message, `the folder of model files "${file}"`);
  assertStringIncludes(refused.message, "a part of its path is a file");
  await Deno.remove(file);
});

Deno.test("the embedded server makes a damaged model file anew", async (t) => {
  const cacheDir = await Deno.makeTempDir({ prefix: "torchgauge_damaged_" });
  const load = async () => {
    await using server = await startEmbeddedServer({ models: ["bert"], cacheDir });
    assertEquals((await (await fetch(`${server.url}/models`)).json()).models, ["bert"]);
  };
  await load();
  const [{ name }] = await Array.fromAsync(Deno.readDir(cacheDir)) as [Deno.DirEntry];
  const whole = await Deno.readFile(`${cacheDir}/${name}`);
  const damaged = {
    empty: new Uint8Array(),
    truncated: whole.subarray(0, whole.length / 2),
    garbage: whole.map((_, i) => i % 251),
  };
  for (const [how, bytes] of Object.entries(damaged)) {
    await t.step(how, async () => {
      await Deno.writeFile(`${cacheDir}/${name}`, bytes);
      await load();
      assertEquals((await Deno.readFile(`${cacheDir}/${name}`)).length, whole.length);
    });
  }
  await t.step("a folder in its place", async () => {
    await Deno.remove(`${cacheDir}/${name}`);
    await Deno.mkdir(`${cacheDir}/${name}`);
    await load();
  });
  await Deno.remove(cacheDir, { recursive: true });
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`the embedded server ends cleanly by ${signal}`, { ignore: Deno.build.os === "windows" }, async () => {
    await using test = await startTestServer({ models: ["mobilenet_v2"] });
    Deno.kill(test.server.pid, signal);
    await test.server.ended;
    await gone(test.server.pid);
  });
}

const IDLE_PARENT = `
  const { startEmbeddedServer } = await import(Deno.args[0]);
  const server = await startEmbeddedServer();
  console.log(server.pid);
`;

/** Starts a process that starts a server, and tells the server's id when it is ready. */
async function startParent(): Promise<{ parent: Deno.ChildProcess; pid: number }> {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(script, IDLE_PARENT);
  const path = (relative: string) => new URL(relative, import.meta.url).href;
  const parent = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      "--config",
      fileURLToPath(new URL("../../deno.json", import.meta.url)),
      script,
      path("../../src/embedded/start.ts"),
    ],
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
  }).spawn();
  const { value } = await parent.stdout.pipeThrough(new TextDecoderStream()).values().next();
  await Deno.remove(script);
  return { parent, pid: Number(value) };
}

Deno.test("the embedded server ends when its parent is killed", async () => {
  const { parent, pid } = await startParent();
  assert(isRunning(pid));
  parent.kill("SIGKILL");
  await parent.status;
  await gone(pid);
});
