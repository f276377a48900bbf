/** A child that ends when it is disposed of: each listens to its standard input and ends with it. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  /** Next line of its standard output. */
  readLine(): Promise<string>;
  writeLine(line: string): Promise<void>;
}

export const UNTIL_STDIN_ENDS = "for await (const _ of Deno.stdin.readable);Deno.exit()";
export const SERVE = "Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.args[0] ?? 0), " +
  `onListen: ({ port }) => console.log(port) }, () => new Response());${UNTIL_STDIN_ENDS}`;

export function spawn(command: string, ...args: string[]): TestProcess {
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const writer = child.stdin.getWriter();
  let buffered = "";
  return {
    pid: child.pid,
    async readLine() {
      while (!buffered.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The test's child ended before it printed a line");
        buffered += value;
      }
      const end = buffered.indexOf("\n");
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 1);
      return line;
    },
    writeLine: (line) => writer.write(new TextEncoder().encode(`${line}\n`)),
    async [Symbol.asyncDispose]() {
      await writer.close().catch(() => {});
      await child.status;
      await reader.cancel();
    },
  };
}

export function spawnDeno(code: string, ...args: string[]): TestProcess {
  return spawn(Deno.execPath(), "eval", "--unstable-net", code, ...args);
}

/** A shell with some children of Deno that all run the same code. */
export function spawnTree(children: number, code: string): TestProcess {
  const start = '"$0" eval --unstable-net "$1" <&3 & '.repeat(children);
  return spawn("sh", "-c", `exec 3<&0; ${start} wait`, Deno.execPath(), code);
}

export function hasCommand(command: string): boolean {
  try {
    new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

export const NOT_LINUX = Deno.build.os !== "linux";
