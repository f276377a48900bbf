import { fileURLToPath } from "node:url";
import { MissingToolError } from "../../agreement/peer.ts";
import { pythonEnvironment, whyNoPython } from "../../python_environment.ts";
import { type PinnedServer, startPinned } from "../pinned.ts";

const pathTo = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts the plain Python server, which reads every body whole and answers at once.
 *
 * @param say Is told what takes long.
 * @throws {MissingToolError} If there is no Python to make its environment with.
 */
export async function startPythonServer(say: (line: string) => void): Promise<PinnedServer> {
  const reason = await whyNoPython();
  if (reason !== null) throw new MissingToolError(`Cannot start the Python server as Python is needed: ${reason}`);
  const venv = await pythonEnvironment("bench-venv", pathTo("requirements.txt"), say);
  return await startPinned([`${venv}/bin/python`, pathTo("oip_server.py")]);
}
