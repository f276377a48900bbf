import { assertEquals, assertRejects } from "@std/assert";
import { procArguments, procMemory, procPids, procVariables } from "../../src/observe/proc_fs.ts";
import { ancestry, findListeningPids, processTree, treeMemory } from "../../src/observe/process_tree.ts";
import { processWork } from "../../src/observe/server/process_work.ts";
import { NOT_LINUX } from "./processes.ts";

/** Has the system refuse what is below the folder of each process but this one, as `hidepid=1` does to other users. */
function hideOthers(): Disposable {
  const { readTextFile, readDir } = Deno;
  const check = (path: string | URL) => {
    const [, pid] = /^\/proc\/(\d+)/.exec(String(path)) ?? [];
    if (pid !== undefined && pid !== String(Deno.pid)) {
      throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
    }
  };
  Deno.readTextFile = async (path, options) => {
    check(path);
    return await readTextFile(path, options);
  };
  Deno.readDir = async function* (path) {
    check(path);
    yield* readDir(path);
  };
  return {
    [Symbol.dispose]() {
      Object.assign(Deno, { readTextFile, readDir });
    },
  };
}

Deno.test({
  name: "processes that the system hides count as not seen",
  ignore: NOT_LINUX,
  async fn() {
    using _hidden = hideOthers();
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const parent = Deno.ppid;
    assertEquals((await procPids()).includes(parent), true);
    assertEquals(await ancestry(), [Deno.pid, parent]);
    assertEquals(await findListeningPids(listener.addr.port), [Deno.pid]);
    assertEquals((await processTree(Deno.pid))[0], Deno.pid);
    assertEquals(await processTree(parent), []);
    assertEquals(await treeMemory(parent, "rss"), null);
    assertEquals([await procArguments(parent), await procVariables(parent, ["PATH"])], [null, null]);
    assertEquals([...(await processWork()).keys()], [Deno.pid]);
    // Whether its memory can be told by PSS is asked of a process that is there.
    await assertRejects(() => procMemory(parent, "pss"), Deno.errors.PermissionDenied);
  },
});
