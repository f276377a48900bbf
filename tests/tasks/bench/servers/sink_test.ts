import { assertEquals } from "@std/assert";
import { MissingToolError } from "../../../../tasks/agreement/peer.ts";
import { requestOf } from "../../../../tasks/bench/clients/request.ts";
import { IMAGE_MODEL } from "../../../../tasks/bench/servers/answers.ts";
import { compileSink, startSink } from "../../../../tasks/bench/servers/sink.ts";

async function whyNoSink(): Promise<string | null> {
  const folder = await Deno.makeTempDir();
  try {
    await compileSink(folder);
    const { code } = await new Deno.Command("taskset", { args: ["--cpu-list", "0", "true"] }).output();
    return code === 0 ? null : "taskset does not run here";
  } catch (error) {
    if (error instanceof MissingToolError || error instanceof Deno.errors.NotFound) return error.message;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "startSink() answers by path and length of the body, one request after another on a connection",
  ignore: await whyNoSink() !== null,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await using server = await startSink(await compileSink(folder), 1000);
      for (const batchSize of [1, 4, 16, 1]) {
        const { path, headers, body } = requestOf(IMAGE_MODEL, batchSize);
        const answer = await fetch(server.url + path, {
          method: "POST",
          headers: { [headers[0]!]: headers[1]!, [headers[2]!]: headers[3]! },
          body: await new Blob([...body]).bytes(),
        });
        assertEquals((await answer.json()).outputs[0].shape[0], batchSize);
      }
      const unknown = await fetch(`${server.url}/none`);
      assertEquals(unknown.status, 404);
      await unknown.body?.cancel();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
