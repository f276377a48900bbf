/** What a client needs to talk to a kernel. */
export interface KernelConnection {
  /** Port of the channel for requests. */
  readonly shellPort: number;
  /** Port of the channel on which outputs are published. */
  readonly iopubPort: number;
  /** Key that signs every message. */
  readonly key: string;
}

/** A kernel in its own process. */
export interface KernelProcess {
  /** How to talk to it. */
  readonly connection: KernelConnection;
  /** Removes the file that told the process its ports and key, once it has read it. */
  removeConnectionFile(): Promise<void>;
  /** Resolves when the process has ended: how, and the last that it wrote to stderr. */
  readonly ended: Promise<{ readonly code: number; readonly errorText: string }>;
  /** Ends the process at once, and resolves when it is gone. May be called again. */
  kill(): Promise<void>;
}

/** Of what a kernel writes to stderr, only the end explains why it ended. */
const ERROR_TEXT_LENGTH = 4000;

/**
 * Starts Deno's Jupyter kernel on free ports of 127.0.0.1. It has all permissions, as Deno's kernel always has.
 *
 * @param folder Folder in which it works; relative imports of cells start there.
 * @param environment Variables added to this process's environment.
 * @returns The process. It may not listen yet.
 */
export async function startKernelProcess(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<KernelProcess> {
  const { connection, connectionFile } = await writeConnectionFile();
  const removeConnectionFile = () => Deno.remove(connectionFile).catch(() => {});
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", connectionFile],
      cwd: folder,
      env: { NO_COLOR: "1", ...environment },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    await removeConnectionFile();
    throw error;
  }
  const ended = Promise.all([child.status, lastText(child.stderr)]).then(async ([{ code }, errorText]) => {
    await removeConnectionFile();
    return { code, errorText };
  });
  return {
    connection,
    removeConnectionFile,
    ended,
    async kill() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await ended;
    },
  };
}

/** Free ports and a fresh key, in the file from which the kernel reads them. Only this user can read it. */
async function writeConnectionFile(): Promise<{ connection: KernelConnection; connectionFile: string }> {
  const [shellPort = 0, iopubPort = 0, controlPort = 0, stdinPort = 0, heartbeatPort = 0] = freePorts(5);
  const key = crypto.randomUUID();
  const connectionFile = await Deno.makeTempFile({ prefix: "torchgauge-kernel-", suffix: ".json" });
  await Deno.writeTextFile(
    connectionFile,
    JSON.stringify({
      transport: "tcp",
      ip: "127.0.0.1",
      shell_port: shellPort,
      iopub_port: iopubPort,
      control_port: controlPort,
      stdin_port: stdinPort,
      hb_port: heartbeatPort,
      signature_scheme: "hmac-sha256",
      key,
    }),
  );
  return { connection: { shellPort, iopubPort, key }, connectionFile };
}

/** Ports that nobody listens on. Another process may take one before the kernel does; the kernel then ends. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

async function lastText(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-ERROR_TEXT_LENGTH);
  }
  return text.trim();
}
