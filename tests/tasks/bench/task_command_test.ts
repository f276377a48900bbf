import { assertEquals, assertMatch } from "@std/assert";
import { taskCommand } from "../../../tasks/bench/task_command.ts";

Deno.test("a task's command starts without a shell, with its own permissions", async () => {
  for (const name of ["basic", "throughput", "memory"] as const) {
    const [program, ...args] = taskCommand(name, ["--help"]);
    const { code, stdout } = await new Deno.Command(program!, { args, stderr: "null" }).output();
    assertEquals(code, 0, name);
    assertMatch(new TextDecoder().decode(stdout), new RegExp(`^Usage: deno task ${name} `, "m"));
  }
});

Deno.test("a task that may start Deno may start the one that runs it", () => {
  const granted = taskCommand("basic", []).find((word) => word.startsWith("--allow-run="))!;
  assertEquals(granted.slice("--allow-run=".length).split(",")[0], Deno.execPath());
});
