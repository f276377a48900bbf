import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findModel } from "../../../src/embedded/models/catalog.ts";
import { ModelStore } from "../../../src/embedded/models/model_store.ts";

const mobilenet = findModel("mobilenet_v2")!;

async function inTempDir(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_store_" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const filesOf = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("ModelStore.ensure() writes a file once", () =>
  inTempDir(async (folder) => {
    const store = new ModelStore(join(folder, "deeper", "models"));
    assertEquals(await store.sizeBytes(mobilenet), null);
    assertEquals(await store.ensure(mobilenet), true);
    const before = await Deno.stat(store.path(mobilenet));
    assert(before.size > 4 * 3_504_872);
    assertEquals(await store.sizeBytes(mobilenet), before.size);
    assertEquals(await store.ensure(mobilenet), false);
    const after = await Deno.stat(store.path(mobilenet));
    assertEquals([after.ino, after.mtime], [before.ino, before.mtime]);
  }));

Deno.test("ModelStore.ensure() leaves one whole file when several stores write at once", () =>
  inTempDir(async (folder) => {
    const stores = [new ModelStore(folder), new ModelStore(folder)];
    await Promise.all([...stores, ...stores].map((store) => store.ensure(mobilenet)));
    assertEquals(filesOf(folder).length, 1);
    assert((await stores[0]!.sizeBytes(mobilenet))! > 4 * 3_504_872);
  }));

Deno.test("ModelStore.ensure() leaves nothing behind when it fails, and can be tried again", () =>
  inTempDir(async (folder) => {
    const store = new ModelStore(folder);
    await Deno.mkdir(join(store.path(mobilenet), "in the way"), { recursive: true });
    store.sizeBytes = () => Promise.resolve(null);
    await assertRejects(() => store.ensure(mobilenet));
    assertEquals(filesOf(folder).length, 1);
    await Deno.remove(store.path(mobilenet), { recursive: true });
    assertEquals(await store.ensure(mobilenet), true);
  }));
