import { assertEquals, assertGreater } from "@std/assert";
import { fragmentationOver } from "../../../src/test_types/memory/fragmentation.ts";
import { readRecording, type Recording, RECORDINGS } from "../../stats/recorded/recording.ts";

const points = ({ allocatedBytes, reservedBytes, processBytes }: Recording) =>
  allocatedBytes.map((gpuAllocatedBytes, i) => ({
    cpuBytes: 0,
    gpuBytes: processBytes[i]!,
    gpuAllocatedBytes,
    gpuReservedBytes: reservedBytes[i]!,
  }));

Deno.test("fragmentationOver() tells fragmentation from leaks and from caches that larger batches filled", () => {
  for (const name of RECORDINGS) {
    const { verdict } = fragmentationOver(points(readRecording(name)))!;
    assertEquals(verdict, name === "fragment" ? "detected" : "not detected", name);
  }
});

Deno.test("fragmentationOver() says what was reserved for the most that was allocated", () => {
  const { evidence } = fragmentationOver(points(readRecording("fragment")))!;
  assertEquals(Math.round(evidence["reservedBytes"]! / 1e6), 2431);
  assertEquals(Math.round(evidence["allocatedBytes"]! / 1e6), 1936);
  assertGreater(evidence["reservedThoughUnusedBytes"]!, 200e6);
});

Deno.test("fragmentationOver() says nothing without the counters", () => {
  assertEquals(fragmentationOver([]), null);
  assertEquals(fragmentationOver(Array.from({ length: 50 }, () => ({ cpuBytes: 1, gpuBytes: 1 }))), null);
});

Deno.test("fragmentationOver() takes a leak of small blocks beside a cache of large ones for no fragmentation", () => {
  const MB = 2 ** 20;
  const leaking = Array.from({ length: 40 }, (_, i) => ({
    cpuBytes: 0,
    gpuBytes: null,
    gpuAllocatedBytes: (400 + 8 * i) * MB,
    gpuReservedBytes: (650 + 8 * i) * MB,
  }));
  const unloaded = { cpuBytes: 0, gpuBytes: null, gpuAllocatedBytes: 33 * MB, gpuReservedBytes: 34 * MB };
  const { verdict, evidence } = fragmentationOver([...leaking, unloaded])!;
  assertEquals(verdict, "not detected");
  assertEquals([evidence["allocatedBytes"], evidence["reservedBytes"]], [712 * MB, 962 * MB]);
  assertEquals(evidence["unusedBytes"], 250 * MB, "an unload in the end is no part of it");
});
