import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { readCgroupLimits } from "../../src/observe/cgroup.ts";
import { readEnvironment } from "../../src/observe/environment.ts";
import { isLocalHost } from "../../src/observe/local_host.ts";
import { fakeNvidiaSmi, MIG, NO_DRIVER, TWO_A100 } from "./gpu/fake_nvidia_smi.ts";

const NO_SHELL = Deno.build.os === "windows";
const NO_NVML = { library: "/no/such/libnvidia-ml.so.1" };
const NONE = { cores: null, memoryBytes: null };

Deno.test("readEnvironment() describes this machine", async () => {
  const environment = await readEnvironment({ gpu: { nvml: NO_NVML, nvidiaSmi: { command: "no-such-nvidia-smi" } } });
  assertEquals(environment.deno, Deno.version.deno);
  assertMatch(environment.os, /\S+ \(kernel \S+\)$/);
  assertGreater(environment.cores, 0);
  assert(environment.memoryBytes! <= Deno.systemMemoryInfo().total);
  assertGreater(environment.memoryBytes!, 0);
  if (environment.gpus.length === 0) assertMatch(environment.gpuAbsence!, /^neither NVIDIA's driver .* was found$/);
});

Deno.test({
  name: "readEnvironment() lists the GPUs that nvidia-smi knows",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: `${TWO_A100}\n${MIG.replace("0", "2")}` });
    const environment = await readEnvironment({ gpu: { nvml: NO_NVML, nvidiaSmi: { command: smi.path } } });
    const a100 = { name: "NVIDIA A100-SXM4-40GB", memoryBytes: 40960 * 2 ** 20, driver: "535.104.05" };
    const h100 = { name: "NVIDIA H100 PCIe", memoryBytes: 81559 * 2 ** 20, driver: "570.124.06" };
    assertEquals(environment.gpus, [a100, a100, h100]);
    assertEquals("gpuAbsence" in environment, false);
  },
});

Deno.test({
  name: "readEnvironment() says why no GPU is known",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: NO_DRIVER, code: 9 });
    const environment = await readEnvironment({ gpu: { nvml: NO_NVML, nvidiaSmi: { command: smi.path } } });
    if (environment.gpus.length === 0) assertMatch(environment.gpuAbsence!, /couldn't communicate with the NVIDIA/);
  },
});

Deno.test("readEnvironment() gives what it may without permissions, and asks for none", async () => {
  const module = import.meta.resolve("../../src/observe/environment.ts");
  const folder = await Deno.makeTempDir();
  try {
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { readEnvironment } from "${module}"; console.log(JSON.stringify(await readEnvironment()));`,
    );
    const config = new URL(import.meta.resolve("../../deno.json")).pathname;
    const run = async (...flags: string[]) => {
      const args = ["run", "--no-prompt", "--config", config, ...flags, script];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      assert(stdout.length > 0, new TextDecoder().decode(stderr));
      return JSON.parse(new TextDecoder().decode(stdout));
    };
    const bare = await run();
    assertEquals([bare.os, bare.cpu, bare.memoryBytes, bare.gpus], [Deno.build.os, null, null, []]);
    const programs = ["nvidia-smi", "amd-smi", "rocm-smi"].map((program) => `running ${program} is not permitted`);
    assertEquals(bare.gpuAbsence, ["loading libnvidia-ml.so.1 is not permitted", ...programs].join("; "));
    assertEquals((await run("--allow-sys")).memoryBytes, Deno.systemMemoryInfo().total);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readCgroupLimits() is the tightest of a group and those above it", async () => {
  const root = await Deno.makeTempDir();
  const write = async (group: string, cpu: string, memory: string) => {
    await Deno.mkdir(`${root}${group}`, { recursive: true });
    await Deno.writeTextFile(`${root}${group}/cpu.max`, `${cpu}\n`);
    await Deno.writeTextFile(`${root}${group}/memory.max`, `${memory}\n`);
  };
  const read = (membership: string) => readCgroupLimits({ root, membership });
  try {
    assertEquals(read("0::/\n"), NONE);
    await write("/pod", "150000 100000", "max");
    await write("/pod/server", "400000 100000", "1073741824");
    await write("/free", "max 100000", "max");
    assertEquals(read("0::/pod/server\n"), { cores: 1.5, memoryBytes: 2 ** 30 });
    assertEquals(read("0::/pod\n"), { cores: 1.5, memoryBytes: null });
    assertEquals(read("4:memory:/x\n0::/free\n"), NONE);
    assertEquals(read("4:memory:/pod/server\n"), NONE);
    assertEquals(read(""), NONE);
    // In a container the mount is the container's own group.
    await write("", "200000 100000", "4096");
    assertEquals(read("0::/\n"), { cores: 2, memoryBytes: 4096 });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("isLocalHost() knows loopback, this machine's addresses and nobody else's", async () => {
  for (const host of ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "0.0.0.0", "[0:0:0:0:0:0:0:1]"]) {
    assertEquals(await isLocalHost(host), true, host);
  }
  for (const { address } of Deno.networkInterfaces()) assertEquals(await isLocalHost(address), true, address);
  for (const host of ["192.0.2.1", "2001:db8::1", "no-such-host.invalid"]) {
    assertEquals(await isLocalHost(host), false, host);
  }
});
