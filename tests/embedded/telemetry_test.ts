import { assertEquals } from "@std/assert";

/** Starts a server with a model, lets it answer, and ends it: as a program of its own, which a trace can follow. */
const PROGRAM = `
import { startEmbeddedServer } from ${JSON.stringify(import.meta.resolve("../../src/embedded/start.ts"))};
await using server = await startEmbeddedServer({ models: ["bert"], cacheDir: Deno.args[0] });
const inputs = [{ name: "text", datatype: "BYTES", shape: [1], data: ["hello"] }];
const response = await fetch(server.url + "/v2/models/bert/infer", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ inputs }),
});
if (!response.ok) throw new Error(await response.text());
await response.body.cancel();
`;

async function hasStrace(): Promise<boolean> {
  return await new Deno.Command("strace", { args: ["-V"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}

Deno.test("the embedded server writes nothing but model files and asks for no name", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge telemetry " });
  const home = `${folder}/home`, temporary = `${folder}/tmp`, cache = `${folder}/models`, trace = `${folder}/trace`;
  const traced = await hasStrace();
  try {
    for (const path of [home, temporary, cache]) await Deno.mkdir(path);
    const program = `${folder}/program.ts`;
    await Deno.writeTextFile(program, PROGRAM);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const denoDir = Deno.env.get("DENO_DIR") ??
      `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;
    const command = [Deno.execPath(), "run", "-A", "--quiet", "--config", config, program, cache];
    const words = traced ? ["strace", "-f", "-e", "trace=openat,connect", "-o", trace, ...command] : command;
    const { success, stderr } = await new Deno.Command(words[0]!, {
      args: words.slice(1),
      env: {
        HOME: home,
        XDG_CACHE_HOME: `${home}/.cache`,
        TMPDIR: temporary,
        DENO_DIR: denoDir,
        DENO_NO_UPDATE_CHECK: "1",
      },
    }).output();
    assertEquals([success, success ? "" : new TextDecoder().decode(stderr)], [true, ""]);
    await t.step("no file stands in the user's folders", () => {
      assertEquals([...filesUnder(home), ...filesUnder(temporary)], []);
    });
    await t.step({
      name: "a trace of system calls shows no file written elsewhere and no connection but to this machine",
      ignore: !traced,
      fn: async () => {
        const calls = (await Deno.readTextFile(trace)).split("\n");
        const written = calls.filter((call) =>
          /openat\(.*O_(?:WRONLY|RDWR|CREAT)/.test(call) && !/ENOENT|ENXIO|EACCES/.test(call)
        )
          .map((call) => /"([^"]*)"/.exec(call)![1]!)
          .filter((path) => ![cache, denoDir, "/dev/", "/proc/"].some((allowed) => path.startsWith(allowed)));
        assertEquals(written, []);
        const connections = calls.filter((call) =>
          call.includes("connect(") && !call.includes('inet_addr("127.0.0.1")')
        );
        assertEquals(connections, []);
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function* filesUnder(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesUnder(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}
