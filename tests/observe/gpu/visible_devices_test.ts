import { assertEquals } from "@std/assert";
import { visibleDevices } from "../../../src/observe/gpu/visible_devices.ts";

const A100S = ["GPU-5d3a", "GPU-5e11", "GPU-77e0"].map((uuid) => ({ uuid, name: "NVIDIA A100" }));
const MIXED = [{ uuid: "GPU-1", name: "NVIDIA T4" }, { uuid: "GPU-2", name: "NVIDIA H100" }];

function cuda(list: string, devices: Parameters<typeof visibleDevices>[0] = A100S, order?: string) {
  const ordered = order === undefined ? {} : { CUDA_DEVICE_ORDER: order };
  return visibleDevices(devices, { CUDA_VISIBLE_DEVICES: list, ...ordered }, true);
}

const hidden = (name: string) => ({ absent: `the server's ${name} hides all GPUs`, hidesAll: true });
const unknown = (name: string, entry: string) => ({
  absent: `the server's ${name} names a part of a GPU (MIG), and it is not told of which: ${entry}`,
});

Deno.test("visibleDevices() reads CUDA_VISIBLE_DEVICES as CUDA does", () => {
  assertEquals(cuda("0"), [0]);
  assertEquals(cuda(" 2 , 0,2"), [2, 0]);
  assertEquals(cuda("GPU-77e0,GPU-5d"), [2, 0]);
  // It ends at the first entry that names no device, or several.
  assertEquals(cuda("1,-1,0"), [1]);
  assertEquals(cuda("1,7,0"), [1]);
  assertEquals(cuda("1,GPU-5,0"), [1]);
  for (const list of ["", "-1", "NoDevFiles", "9"]) assertEquals(cuda(list), hidden("CUDA_VISIBLE_DEVICES"), list);
});

Deno.test("visibleDevices() does not guess CUDA's order of different devices", () => {
  assertEquals(cuda("0", MIXED), null);
  assertEquals(cuda("0", MIXED, "FASTEST_FIRST"), null);
  assertEquals(cuda("0", MIXED, "PCI_BUS_ID"), [0]);
  assertEquals(cuda("GPU-2", MIXED), [1]);
});

Deno.test("visibleDevices() finds the device of a part, or refuses", () => {
  assertEquals(cuda("MIG-GPU-77e0/1/0"), [2]);
  assertEquals(cuda("MIG-c6d4f1ef", A100S.slice(0, 1)), [0]);
  assertEquals(cuda("MIG-c6d4f1ef"), unknown("CUDA_VISIBLE_DEVICES", "MIG-c6d4f1ef"));
  assertEquals(
    visibleDevices(A100S, { NVIDIA_VISIBLE_DEVICES: "MIG-c6d4f1ef" }, true),
    unknown("NVIDIA_VISIBLE_DEVICES", "MIG-c6d4f1ef"),
  );
});

Deno.test("visibleDevices() reads what a container was given, and counts CUDA's numbers within", () => {
  const given = (list: string, variables = {}, seesHost = true) =>
    visibleDevices(A100S, { NVIDIA_VISIBLE_DEVICES: list, ...variables }, seesHost);
  assertEquals(given("2,1"), [1, 2]);
  assertEquals(given("GPU-77e0"), [2]);
  assertEquals(given("2,1", { CUDA_VISIBLE_DEVICES: "0" }), [1]);
  assertEquals(given("2,1", { CUDA_VISIBLE_DEVICES: "2" }), hidden("CUDA_VISIBLE_DEVICES"));
  assertEquals(given("none"), hidden("NVIDIA_VISIBLE_DEVICES"));
  for (const list of ["", "all", "void", "9"]) assertEquals(given(list), null, list);
  // Inside of the container its devices count from 0, whatever their numbers on the host.
  assertEquals(given("2,1", {}, false), null);
  assertEquals(given("GPU-77e0", {}, false), [2]);
  assertEquals(given("2,1", { CUDA_VISIBLE_DEVICES: "0" }, false), [0]);
  assertEquals(visibleDevices(A100S, {}, true), null);
});
