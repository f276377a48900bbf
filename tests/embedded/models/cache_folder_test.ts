import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { defaultCacheDir } from "../../../src/embedded/models/cache_folder.ts";

Deno.test("defaultCacheDir() prefers its own variable, then the user's cache folder", () => {
  const given = (env: Record<string, string>) => defaultCacheDir((name) => env[name]);
  assertEquals(
    given({
      TORCHGAUGE_CACHE: "/own",
      XDG_CACHE_HOME: "/xdg",
      HOME: "/home/a",
    }),
    "/own",
  );
  assertEquals(
    given({ XDG_CACHE_HOME: "/xdg", HOME: "/home/a" }),
    join("/xdg", "torchgauge", "models"),
  );
  assertEquals(
    given({ HOME: "/home/a" }),
    join("/home/a", ".cache", "torchgauge", "models"),
  );
});
