import { assertEquals } from "@std/assert";
import { hasHostPids } from "../../../src/observe/proc_fs.ts";
import { serverDevices } from "../../../src/observe/gpu/server_devices.ts";
import { NOT_LINUX, spawn, UNTIL_STDIN_ENDS } from "../processes.ts";
import { fakeSource } from "./fake_gpu_source.ts";

const FOUR = [1, 1, 1, 1];

/** A process with these variables: not yet those of `env`, from which it comes. */
async function server(...variables: string[]) {
  const script = `console.log("begun"); ${UNTIL_STDIN_ENDS}`;
  const process = spawn("env", "-u", "NVIDIA_VISIBLE_DEVICES", ...variables, Deno.execPath(), "eval", script);
  await process.readLine();
  return process;
}

Deno.test("serverDevices() are those on which its processes compute", async () => {
  const source = fakeSource(FOUR, () => [
    { pid: 7, device: 3, usedBytes: 1 },
    { pid: 8, device: 1, usedBytes: 1 },
    { pid: 8, device: 3, usedBytes: null },
    { pid: 9, device: 0, usedBytes: 1 },
  ]);
  assertEquals(await serverDevices(source, [7, 8]), { positions: [1, 3], by: "processes" });
});

Deno.test("serverDevices() are all where nothing tells", async () => {
  const all = { positions: [0, 1, 2, 3], by: "all" as const };
  const listed = [{ pid: 7, device: null, usedBytes: 1 }];
  assertEquals(await serverDevices(fakeSource(FOUR, () => listed), [7]), all);
  assertEquals(await serverDevices(fakeSource(FOUR, () => ({ absent: "no" })), []), all);
  // The only device needs no number.
  assertEquals(await serverDevices(fakeSource([1], () => listed), [7]), { positions: [0], by: "processes" });
});

Deno.test({
  name: "serverDevices() are those that its processes were started to see",
  ignore: NOT_LINUX,
  async fn() {
    const source = fakeSource(FOUR, () => []);
    await using one = await server("CUDA_VISIBLE_DEVICES=2,0");
    await using other = await server("CUDA_VISIBLE_DEVICES=GPU-3");
    await using none = await server("CUDA_VISIBLE_DEVICES=");
    assertEquals(await serverDevices(source, [one.pid]), { positions: [0, 2], by: "variables" });
    assertEquals(await serverDevices(source, [one.pid, other.pid, none.pid]), {
      positions: [0, 2, 3],
      by: "variables",
    });
    assertEquals(await serverDevices(source, [none.pid]), {
      absent: "the server's CUDA_VISIBLE_DEVICES hides all GPUs",
    });
    await using all = await server("-u", "CUDA_VISIBLE_DEVICES");
    assertEquals(await serverDevices(source, [all.pid, none.pid], false), { positions: [0, 1, 2, 3], by: "all" });
    assertEquals(await serverDevices(source, [none.pid, 2 ** 22]), {
      absent: "the server's CUDA_VISIBLE_DEVICES hides all GPUs",
    });
    await using part = await server("CUDA_VISIBLE_DEVICES=MIG-c6d4f1ef");
    assertEquals(await serverDevices(source, [all.pid, part.pid, none.pid]), {
      absent:
        "the server's CUDA_VISIBLE_DEVICES names a part of a GPU (MIG), and it is not told of which: MIG-c6d4f1ef",
    });
    await using given = await server("NVIDIA_VISIBLE_DEVICES=3");
    // In a container its number is that of the host.
    const expected = await hasHostPids() ? { positions: [3], by: "variables" } : { positions: [0, 1, 2, 3], by: "all" };
    assertEquals<unknown>(await serverDevices(source, [given.pid]), expected);
  },
});

Deno.test("serverDevices() are none where the driver lists processes under our ids, and none of the server's", async () => {
  const listed = [{ pid: 1, device: 0, usedBytes: 1 }];
  const none = { absent: "none of the server's processes computes on a GPU" };
  const all = { positions: [0, 1, 2, 3], by: "all" as const };
  assertEquals<unknown>(
    await serverDevices(fakeSource(FOUR, () => listed), [Deno.pid]),
    await hasHostPids() ? none : all,
  );
});
