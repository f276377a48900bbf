import type { LiveEnvironment } from "../environment.ts";
import { freePorts, launch, type LiveServer } from "./live_server.ts";

/** A server that is a script of `python/`. */
export interface PythonScript {
  /** For messages. */
  readonly name: string;
  /** Its file in `python/`; it takes `--port=N`. */
  readonly script: string;
  /** Path that answers with 200 when it is ready. */
  readonly healthPath: string;
}

/**
 * Starts a script that serves.
 *
 * @param environment What it runs on.
 * @param script Which.
 */
export async function startPythonScript(
  environment: LiveEnvironment,
  { name, script, healthPath }: PythonScript,
): Promise<LiveServer> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  const port = freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  return await launch(environment, {
    name,
    command: [environment.python, environment.pathTo(`python/${script}`), `--port=${port}`],
    folder,
    env: { TMPDIR: folder, OMP_NUM_THREADS: "1" },
    healthUrl: url + healthPath,
    addresses: { url },
  });
}
