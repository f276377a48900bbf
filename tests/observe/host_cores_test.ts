import { assertEquals } from "@std/assert";
import { cpus } from "node:os";
import { readCgroupLimits } from "../../src/observe/cgroup.ts";
import { coresWithin, readCores } from "../../src/observe/host_cores.ts";
import { hasCommand, NOT_LINUX, spawn } from "./processes.ts";

Deno.test("readCores() tells the cores of the host to a process that is bound to one of them", {
  ignore: NOT_LINUX || !hasCommand("taskset"),
}, async () => {
  const [one] = Deno.readTextFileSync("/proc/self/status").match(/(?<=^Cpus_allowed_list:\s*)\d+/m)!;
  const busy = import.meta.resolve("../../src/observe/host_busy.ts");
  const cores = import.meta.resolve("../../src/observe/host_cores.ts");
  const config = new URL(import.meta.resolve("../../deno.json")).pathname;
  const script = `import { hostBusy } from "${busy}"; import { readCores } from "${cores}";` +
    `console.log(JSON.stringify([await readCores(), (await hostBusy()).cores]));`;
  await using bound = spawn("taskset", "-c", one!, Deno.execPath(), "eval", "--config", config, script);
  const host = cpus().length;
  assertEquals(JSON.parse(await bound.readLine()), [coresWithin(host, 1, readCgroupLimits().cores), host]);
  assertEquals((await readCores()).host, host);
});
