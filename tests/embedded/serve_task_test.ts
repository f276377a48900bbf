import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

const task = (args: readonly string[], cacheDir: string) =>
  new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "serve", ...args],
    cwd: root,
    env: { NO_COLOR: "1", TORCHGAUGE_CACHE: cacheDir },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });

Deno.test("deno task serve refuses wrong arguments with code 2 and no stack trace", async () => {
  const wrong: [string[], string][] = [
    [["--port", "abc"], 'current value is "abc"'],
    [["--port", "70000"], 'from 0 to 65535: current value is "70000"'],
    [["--models", "vgg16"], 'found "vgg16"'],
    [["--host", "0.0.0.0"], '"--host" is no option'],
    [["--threads=0"], 'current value is "0"'],
    [["extra"], 'found "extra"'],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await task(args, "/nowhere").output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 2, text);
    assertStringIncludes(text, message);
    assertEquals(text.includes("    at "), false, text);
  }
});

Deno.test("deno task serve runs until it is told to end", { ignore: Deno.build.os === "windows" }, async () => {
  const cacheDir = await Deno.makeTempDir({ prefix: "torchgauge_serve_" });
  const child = task(["--port", "0"], cacheDir).spawn();
  let said = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (said.includes("Ctrl-C")) break;
  }
  assertMatch(said, /http:\/\/127\.0\.0\.1:\d+/);
  assertStringIncludes(said, "predictions mean nothing");
  const url = /http:\S+/.exec(said)![0];
  assertEquals((await (await fetch(`${url}/models`)).json()).models, ["mobilenet_v2"]);
  child.kill("SIGINT");
  await Promise.all([child.status, child.stderr.cancel()]);
  while (await fetch(url).then((response) => response.text(), () => null) !== null);
  await Deno.remove(cacheDir, { recursive: true });
});

Deno.test("deno task serve names a busy port and the option for another", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, stderr } = await task(["--port", String(listener.addr.port)], await Deno.makeTempDir()).output();
  assertEquals(code, 3);
  assertEquals(
    new TextDecoder().decode(stderr),
    `Error: Cannot start the embedded server as port ${listener.addr.port} must be free: something listens there\n` +
      "Hint: Choose another: --port N, or --port 0 for a free one.\n",
  );
});
