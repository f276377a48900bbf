import { fromFileUrl } from "../cli/paths.ts";

const CONFIG = fromFileUrl(import.meta.resolve("../../deno.json"));

/** A script in a process of its own that prints a line of JSON, and another one whenever it is asked. */
export interface TalkingProcess<First, Answer> extends AsyncDisposable {
  readonly pid: number;
  /** What it printed when it was ready. */
  readonly first: First;
  ask(): Promise<Answer>;
}

/**
 * Starts such a script. Disposed, it is killed.
 *
 * @param main Path of the script.
 * @param args Its arguments.
 */
export async function startTalking<First, Answer>(
  main: string,
  args: readonly string[],
): Promise<TalkingProcess<First, Answer>> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "--config", CONFIG, main, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const orders = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  const readLine = async () => {
    while (!said.includes("\n")) {
      const { value, done } = await lines.read();
      if (done) throw new Error(`${main} ${args.join(" ")} ended`);
      said += value;
    }
    const line = said.slice(0, said.indexOf("\n"));
    said = said.slice(line.length + 1);
    return JSON.parse(line);
  };
  return {
    pid: child.pid,
    first: await readLine(),
    async ask() {
      await orders.write(new TextEncoder().encode("\n"));
      return await readLine();
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await Promise.allSettled([orders.close(), lines.cancel(), child.status]);
    },
  };
}
