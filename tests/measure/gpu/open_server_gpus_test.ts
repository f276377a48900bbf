import { assert, assertEquals } from "@std/assert";
import type { Target } from "../../../src/core/target.ts";
import { openServerGpus } from "../../../src/measure/gpu/open_server_gpus.ts";
import { isAbsent } from "../../../src/observe/absent.ts";
import { fakeNvml, H200, NO_CC } from "../../observe/gpu/fake_nvml.ts";
import { SERVE, spawn } from "../../observe/processes.ts";

Deno.test(
  "openServerGpus() looks again at a server that was started to see several devices, and computes on one later",
  {
    ignore: NO_CC,
  },
  async () => {
    const two = [{ ...H200, uuid: "GPU-0" }, { ...H200, uuid: "GPU-1" }];
    using nvml = fakeNvml({ devices: two });
    const before = Deno.env.get("TORCHGAUGE_NVML");
    Deno.env.set("TORCHGAUGE_NVML", nvml.library);
    try {
      const clean = ["-u", "NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES=0,1"];
      await using server = spawn("env", ...clean, Deno.execPath(), "eval", SERVE);
      const url = `http://127.0.0.1:${await server.readLine()}`;
      const gpus = await openServerGpus({ url, embedded: false } as Target, {});
      assert(!isAbsent(gpus));
      assertEquals([gpus.positions, gpus.by, gpus.pids], [[0, 1], "variables", null]);
      nvml.tell({ devices: [two[0]!, { ...two[1]!, processes: { [server.pid]: 7 } }] });
      assertEquals(await gpus.find!(), { positions: [1], by: "processes", pids: [server.pid] });
      await gpus.source.close();
    } finally {
      if (before === undefined) Deno.env.delete("TORCHGAUGE_NVML");
      else Deno.env.set("TORCHGAUGE_NVML", before);
    }
  },
);
