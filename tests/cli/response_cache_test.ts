/** Servers that keep answers, by the whole request, by item or not at all, through the command. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./command.ts";
import { answer, openInference, tensor } from "./open_inference_server.ts";

const ITEM = 4;
const MODEL_MS = 10;

type KeptBy = "body" | "item" | "nothing";

/** A server whose model takes 10 ms for all items that it must predict, and none where it knows the answers. */
async function cachingServer(keptBy: KeptBy, elements = ITEM) {
  const metadata = answer({ name: "m", inputs: [tensor("x", [-1, elements])], outputs: [tensor("y", [-1, 1])] });
  const kept = new Set<string>();
  const seen = { requests: 0, items: 0, predicted: 0 };
  const server = await openInference(async ({ body }) => {
    const { data } = JSON.parse(body).inputs[0] as { data: number[] };
    const items = Array.from(
      { length: data.length / elements },
      (_, i) => data.slice(i * elements, (i + 1) * elements).join(),
    );
    const keys = keptBy === "body" ? [body] : items;
    const missing = keptBy === "nothing" ? keys : keys.filter((key) => !kept.has(key));
    seen.requests++;
    seen.items += items.length;
    seen.predicted += keptBy === "body" ? missing.length * items.length : missing.length;
    for (const key of keys) kept.add(key);
    if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, MODEL_MS));
    const y = items.map(() => 0.5);
    return answer({ model_name: "m", outputs: [{ ...tensor("y", [y.length, 1]), data: y }] });
  }, { "GET /v2/models/m": metadata });
  return { server, seen };
}

const basic = (url: string, ...more: string[]) =>
  run([
    ...["--url", url, "--model", "m", "--requests", "30", "--warmup", "5"],
    ...more.includes("--test-type") ? more : ["--test-type", "basic", ...more],
  ]);

Deno.test("the command meets no cache, kept by request or by item, and tells that there is one", async () => {
  for (const keptBy of ["body", "item"] as const) {
    for (const batchSize of ["1", "4"]) {
      const { server, seen } = await cachingServer(keptBy);
      await using _ = server;
      const plain = await basic(server.url, "--batch-size", batchSize);
      assertEquals(plain.code, 0, plain.stderr);
      assert(!plain.stdout.includes("Response cache"), "not asked");
      assertEquals(seen.predicted, seen.items, `${keptBy}, batch ${batchSize}: all items are new`);

      const { code, stdout, stderr } = await basic(
        server.url,
        "--batch-size",
        batchSize,
        "--cache-check",
        "--seed",
        "2",
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "A response cache answers repeated requests");
      assertStringIncludes(stdout, "its response cache helps only");
    }
  }
});

Deno.test("the command meets no cache with several threads, levels, tests and given samples", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const given = `${folder}/items.json`;
    await Deno.writeTextFile(
      given,
      JSON.stringify([0, 1].map((i) => Array.from({ length: 20 }, (_, k) => k * (i + 2)))),
    );
    const cases = [
      [ITEM, "--batch-size", "4", "--workers", "2"],
      [ITEM, "--test-type", "throughput", "--batch-sizes", "1,4,64"],
      [20, "--batch-size", "3", "--input-data", given],
    ] as const;
    for (const [itemElements, ...more] of cases) {
      const { server, seen } = await cachingServer("item", itemElements);
      await using _ = server;
      const { code, stderr } = await basic(server.url, ...more);
      assertEquals(code, 0, stderr);
      assert(seen.items > 0);
      assertEquals(seen.predicted, seen.items, more.join(" "));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the command sees no cache where none is, and does not tell where nothing new can be sent", async () => {
  const { server, seen } = await cachingServer("nothing");
  await using _ = server;
  const { code, stdout, stderr } = await basic(server.url, "--cache-check");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "No response cache seen");

  for (const given of [["--repeat-inputs"], ["--input-data", "items.json"]]) {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/items.json`;
      await Deno.writeTextFile(path, "[[1, 2, 3, 4], [5, 6, 7, 8]]");
      const more = given.map((word) => word === "items.json" ? path : word);
      const { code, stdout, stderr } = await basic(server.url, "--cache-check", ...more);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "Cannot tell whether a response cache answers");
      assert(seen.requests > 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});
