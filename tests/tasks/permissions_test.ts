/** Each task has the permissions that it needs, and no other: what it asks Deno for is held against its flags. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { NVML_PATHS } from "../../src/observe/gpu/nvml/nvml_library.ts";
import { answer, openInference, PREDICTION } from "../cli/open_inference_server.ts";
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));
const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)) as {
  tasks: Readonly<Record<string, { readonly command: string }>>;
};

/** What a task may do, by kind: `null` for everything of the kind. */
type Permissions = Readonly<Partial<Record<string, readonly string[] | null>>>;

function permissionsOf(task: string): Permissions {
  const flags = [...tasks[task]!.command.matchAll(/--allow-([a-z]+)(?:=((?:\$\(.*?\)|[^\s"])+))?/g)];
  return Object.fromEntries(flags.map(([, kind, list]) => [kind!, list?.split(",") ?? null]));
}

/** One line of Deno's audit. */
interface Asked {
  readonly permission: string;
  readonly value: string | null;
}

/** Runs a task as a user does. The variables are those that a test of what it may do needs. */
async function runTask(task: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const [text, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: text!, stderr: said! };
}

/** What a task asks Deno for. */
async function asked(folder: string, task: string, args: readonly string[]): Promise<readonly Asked[]> {
  const audit = `${folder}/audit.jsonl`;
  const { code, stderr } = await runTask(task, args, { DENO_AUDIT_PERMISSIONS: audit });
  assertEquals(code, 0, `${task}: ${stderr}`);
  const lines = (await Deno.readTextFile(audit)).split("\n").filter((line) => line !== "");
  await Deno.remove(audit);
  return lines.map((line) => JSON.parse(line) as Asked);
}

/** Kinds that a task holds and none of its runs asked for. */
function unused(task: string, all: readonly Asked[]): string[] {
  const names = (kind: string) =>
    new Set(all.filter(({ permission }) => permission === kind).map(({ value }) => value));
  return Object.entries(permissionsOf(task)).flatMap(([kind, list = null]) => {
    // Paths and programs of other systems are not asked for here; tests of their own hold them.
    if (list === null || kind === "ffi") return names(kind).size > 0 ? [] : [kind];
    return kind === "run" ? [] : list.filter((name) => !names(kind).has(name)).map((name) => `${kind}=${name}`);
  });
}

/** What its runs asked for that it does not hold. */
function missing(task: string, all: readonly Asked[]): string[] {
  const held = permissionsOf(task);
  return all.flatMap(({ permission, value }) => {
    if (!["env", "sys", "net", "read", "write", "ffi"].includes(permission)) return [];
    const list = held[permission];
    return list === null || list?.includes(String(value)) ? [] : [`${permission}=${value}`];
  });
}

const TESTS = ["basic", "latency", "throughput", "scalability", "prompts", "load", "ab", "run"] as const;
const MORE: Readonly<Partial<Record<string, readonly string[]>>> = {
  "latency": ["--cold-starts", "1", "--follow-ups", "1"],
  "throughput": ["--batch-sizes", "1,2"],
  "scalability": ["--levels", "1,2"],
  "load": ["--rates", "20"],
  "ab": ["--blocks", "2"],
  "run": ["--test-type", "basic"],
};

Deno.test("tests over the network have one set of permissions", () => {
  const basic = permissionsOf("basic");
  assertEquals(Object.keys(basic), ["net", "env", "sys", "read", "write", "run", "ffi"]);
  assertEquals(
    basic["run"]![0],
    "$(deno eval -p 'Deno.execPath()')",
    "the embedded server is another process of it, and so is what sends metrics",
  );
  for (const task of TESTS) {
    assertEquals(permissionsOf(task), basic, task);
  }
});

Deno.test("only NVML is loaded, and only Deno, programs of GPUs, what looks for who started it and what opens a page are run", () => {
  const { ffi, run } = permissionsOf("basic");
  const libraries = new Set(Object.values(NVML_PATHS).flat());
  assertEquals(new Set(ffi), libraries);
  assertEquals(permissionsOf("report")["run"], run!.slice(-3));
  for (const path of run!.slice(1)) {
    assert(/\/(?:nvidia-smi(?:\.exe)?|amd-smi|rocm-smi|bin\/sh|xdg-open|bin\/open|explorer\.exe)$/.test(path), path);
  }
});

Deno.test("all permissions are those of tasks that read /proc, or run what nobody knows before", () => {
  const all = Object.entries(tasks).filter(([, { command }]) => / (?:-A|--allow-all)\b/.test(command)).map(([name]) =>
    name
  );
  const users = all.filter((name) => !name.startsWith("dev:"));
  assertEquals(users, ["comprehensive", "memory", "start", "demo", "notebooks", "jupyter", "test", "test:gpu"]);
});

Deno.test("each test uses every permission of its task, and asks for no other", async (t) => {
  const folder = await Deno.makeTempDir();
  // Whether an address is one of this machine's goes without saying of loopback.
  const own = Deno.networkInterfaces().find(({ family, address }) => family === "IPv4" && !address.startsWith("127."));
  await using server = await openInference(answer(PREDICTION), {}, own?.address);
  // Prompts are compared of language models alone; they are sent as those of the others are.
  for (const task of TESTS.filter((task) => task !== "prompts")) {
    await t.step(task, async () => {
      const urls = ["--url", server.url, ...task === "ab" ? ["--url", server.url] : []];
      const common = ["--model", "m", "--quick", "--requests", "4", "--warmup", "0", "--output", `${folder}/r.json`];
      const found = await asked(folder, task, [...MORE[task] ?? [], ...urls, ...common]);
      assertEquals(missing(task, found), []);
      assertEquals(unused(task, found).filter((name) => own !== undefined || name !== "sys=networkInterfaces"), []);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

/** What is read for the program that opens a page: no test opens one, but that of what is handed on to it. */
const OF_OPENING = [
  "PATH",
  "HOME",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
].map((name) => `env=${name}`);

Deno.test("comparing and reporting use every permission of their tasks, and ask for no other", async () => {
  const folder = await Deno.makeTempDir();
  await using server = await openInference(answer(PREDICTION));
  const results = `${folder}/r.json`;
  await runTask("basic", ["--url", server.url, "--model", "m", "--quick", "--requests", "4", "--output", results]);
  for (const args of [["compare", results, results, "-o"], ["report", results, "-o"]]) {
    const found = await asked(folder, args[0]!, [...args.slice(1), `${folder}/page.html`]);
    const idle = unused(args[0]!, found).filter((name) => !OF_OPENING.includes(name));
    assertEquals([missing(args[0]!, found), idle], [[], []], args[0]!);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the embedded server needs Deno to be run, also where the loader is told where libraries are", async () => {
  const args = ["--quick", "--requests", "2", "--warmup", "0"];
  const { code, stderr } = await runTask("basic", args, { LD_LIBRARY_PATH: "/nowhere" });
  assertEquals([code, stderr], [0, "loading mobilenet_v2, at most 120 s\n"]);
});

Deno.test("what a task may not do is wrong usage, told with the flag", async () => {
  const started = await runTask("latency", ["--url", "http://127.0.0.1:9", "--start-command", "python3 serve.py"]);
  assertEquals(started.code, 2);
  assertStringIncludes(
    started.stderr,
    'it may not run "python3" (--allow-run)\nHint: deno task start --test-type TYPE',
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-env",
      "src/cli/main.ts",
      "--url",
      "http://127.0.0.1:9",
      "--token-file",
      "token",
    ],
    cwd: ROOT,
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 2, said);
  assertStringIncludes(said, "--allow-read");
});
