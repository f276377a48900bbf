import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Execution, startKernel } from "../../src/notebook/kernel.ts";
import { startKernelProcess } from "../../src/notebook/kernel_process.ts";

const FOLDER = Deno.makeTempDirSync({ prefix: "torchgauge-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const errorOf = (execution: Execution) => execution.kind === "failed" ? execution.error : null;

Deno.test("execute() tells how code ended, and goes on after code that failed", async () => {
  await using kernel = await startKernel(FOLDER);
  const cases: readonly [what: string, code: string, name: string, message: string][] = [
    ["throws an error", 'throw new RangeError("deep")', "RangeError", "deep"],
    ["throws what is no error", 'throw "a string"', "Error", "a string"],
    ["is no TypeScript", "let x = ;", "Error", "Execution failed"],
    ["imports what is not there", 'import "./nowhere.ts"', "TypeError", "Module not found"],
    ["leaves a rejection unhandled", 'Promise.reject(new TypeError("later")); 1', "TypeError", "later"],
    [
      "throws in a timer",
      'setTimeout(() => { throw new Error("timer") }, 1); await new Promise((resolve) => setTimeout(resolve, 50))',
      "Error",
      "timer",
    ],
  ];
  for (const [what, code, name, message] of cases) {
    const error = errorOf(await kernel.execute(code));
    assertEquals(error?.name, name, what);
    assertStringIncludes(error?.message ?? "", message, what);
    assertEquals(await kernel.execute("1"), { kind: "passed" }, what);
  }
});

Deno.test("execute() publishes in order, values of any size, and keeps state from one piece of code to the next", async () => {
  await using kernel = await startKernel(FOLDER, { environment: { GIVEN: "by the caller" } });
  const shown: unknown[] = [];
  const onMessage = ({ header, content }: { header: { msg_type: string }; content: Record<string, unknown> }) => {
    if (header.msg_type === "stream") shown.push(content["text"]);
    if (header.msg_type === "execute_result") shown.push((content["data"] as Record<string, string>)["text/plain"]);
  };
  await kernel.execute('const long = "x".repeat(3e6); Deno.env.get("GIVEN")', { onMessage });
  await kernel.execute("console.log(1); console.log(long.length); console.log(long); long.length", { onMessage });
  assertEquals(shown.splice(2, 1)[0], "3000000\n");
  const [given, one, long, value] = shown;
  assertEquals([given, one, value], ['"by the caller"', "1\n", "3000000"]);
  assertEquals((long as string).length, 3e6 + 1);
});

Deno.test("execute() ends the kernel when the time is over, when the caller wants it, and sees when it ends itself", async () => {
  const endless = "await new Promise(() => {})";
  const busy = "while (true);";
  for (const code of [endless, busy]) {
    await using kernel = await startKernel(FOLDER);
    assertEquals(await kernel.execute(code, { timeLimitMs: 200 }), { kind: "time-limit", limitMs: 200 });
  }
  {
    await using kernel = await startKernel(FOLDER);
    const controller = new AbortController();
    const execution = kernel.execute(endless, { signal: controller.signal });
    controller.abort();
    assertEquals(await execution, { kind: "interrupted" });
  }
  await using kernel = await startKernel(FOLDER);
  const execution = await kernel.execute("Deno.exit(7)");
  assertEquals(execution.kind === "kernel-ended" && execution.code, 7);
});

Deno.test("startKernel() says what the kernel said when it does not start", async () => {
  await assertRejects(() => startKernel(`${FOLDER}/nowhere`), Error, "nowhere");
  await assertRejects(
    () => startKernel(FOLDER, { environment: { DENO_V8_FLAGS: "--no-such-flag" }, startLimitMs: 1 }),
    Error,
    "Cannot start the kernel as it must answer within 0.001 s",
  );
});

Deno.test("startKernelProcess() keeps its key to the user and removes it with the process", async () => {
  const process = await startKernelProcess(FOLDER);
  // Other tests start kernels at the same time.
  const file = connectionFiles().find((name) => textOf(name).includes(process.connection.key));
  assert(file !== undefined);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(file)).mode! & 0o077, 0);
  await process.kill();
  await process.kill();
  assertEquals(connectionFiles().includes(file), false);
});

/** Empty where it is gone meanwhile. */
function textOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return "";
  }
}

function connectionFiles(): string[] {
  const folder = Deno.env.get("TMPDIR") ?? "/tmp";
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.includes("torchgauge-kernel-"));
}

Deno.test({
  name: "a kernel ends when its client was killed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const source = import.meta.resolve("../../src/notebook/kernel.ts");
    const client = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `
        import { startKernel } from ${JSON.stringify(source)};
        const kernel = await startKernel(${JSON.stringify(FOLDER)});
        await kernel.execute("console.log(Deno.pid)", { onMessage: ({ content }) => content.text && console.log(content.text) });
        await kernel.execute("await new Promise(() => {})");`,
      ],
      stdout: "piped",
    }).spawn();
    const reader = client.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const pid = Number((await reader.read()).value);
    assert(pid > 0);
    client.kill("SIGKILL");
    await client.status;
    await reader.cancel();
    const isRunning = () => {
      try {
        return !Deno.readTextFileSync(`/proc/${pid}/stat`).includes(") Z ");
      } catch {
        return false;
      }
    };
    for (let waited = 0; isRunning() && waited < 20_000; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertEquals(isRunning(), false);
  },
});
