import { assertEquals, assertMatch } from "@std/assert";
import type { MemoryOptions } from "../../../src/measure/settings/options.ts";
import { runMemoryTest } from "../../../src/test_types/memory/memory.ts";
import { standingDoubt } from "../../../src/test_types/memory/soak_doubt.ts";
import { openVirtualServer } from "../../calibration/virtual_server.ts";

const LOOK_MS = 60_000;

/** The memory test of a server that leaks 1 MiB a request, and looks at the memory of its workers once a minute, as TorchServe does. */
async function measured(options: MemoryOptions) {
  const { clock, target, model } = openVirtualServer({
    service: { kind: "uniform", meanMs: 10, halfWidth: 0.05 },
    memory: { baseBytes: 0, modelBytes: 50e6, leakBytes: 2 ** 20 },
  }, 1);
  let looks = 0, residentBytes: number | null = model.residentBytes();
  const protocol: typeof target.protocol = {
    ...target.protocol,
    async load(name, options) {
      await target.protocol.load!(name, options);
      residentBytes = null;
    },
    serverMemory() {
      const look = Math.floor(clock.now() / LOOK_MS);
      if (look > looks) residentBytes = model.residentBytes();
      looks = look;
      const told = model.loaded ? residentBytes : 0;
      return Promise.resolve({
        residentBytes: told,
        gpuAllocatedBytes: null,
        gpuReservedBytes: null,
        refreshMs: LOOK_MS,
      });
    },
  };
  return await clock.run(
    runMemoryTest({ ...target, protocol }, { batchSizes: [1], concurrency: 1, clock, ...options }),
  );
}

Deno.test("a memory test goes on where the workers that it loaded have not told their memory yet", async () => {
  const { phases, loads, growth, modelFootprintBytes, absences } = await measured({ cycles: 0 });
  assertEquals(phases.map(({ name }) => name), ["absent", "unloaded"]);
  assertEquals(loads!.map(({ phase }) => phase), ["single", "batches", "concurrent", "soak"]);
  assertEquals([growth, absences["phases"]], [null, undefined]);
  assertMatch(absences["growth"]!, /^the server looks at its memory once in 60 s: a soak that tells takes 180 s$/);
  assertEquals([modelFootprintBytes, absences["modelFootprintBytes"]], [
    null,
    "the memory with the model is not known",
  ]);
});

Deno.test("a memory test calls nothing stable that the server did not look at in the soak", async () => {
  const { growth } = await measured({ noUnload: true });
  assertEquals(growth!.verdict, "cannot tell");
  assertMatch(growth!.because!, /looks at its memory once in 60 s/);
});

Deno.test("a memory test finds the leak of a server that looks at its memory once a minute, in a soak of some", async () => {
  const { growth } = await measured({ noUnload: true, soakMs: 5 * LOOK_MS });
  assertEquals([growth!.verdict, growth!.because], ["growing", undefined]);
});

Deno.test("standingDoubt() believes a server that is seen to look more often than it is known to", () => {
  assertEquals(standingDoubt(60_000, 30_000, [1, 1, 2, 2, 3, 4]), null);
  assertEquals(standingDoubt(undefined, 8000, [1, 1]), null);
  assertMatch(standingDoubt(60_000, 30_000, [1, 1, 2, 2])!, /180 s$/);
});
