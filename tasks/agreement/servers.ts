import { fileURLToPath } from "node:url";
import { startEmbeddedServer } from "../../mod.ts";
import { type LiveEnvironment, liveEnvironment } from "../../tests/live/environment.ts";
import { freePorts, launch } from "../../tests/live/servers/live_server.ts";
import { startTriton, whyNoTriton } from "../../tests/live/servers/triton.ts";
import { whyNoPython } from "../python_environment.ts";
import { prepareVenv } from "../test_live.ts";
import { MissingToolError } from "./peer.ts";

/** The servers that clients are compared on, and the model of each that is asked where none is named. */
export const SERVERS = { triton: "resnet18", pytorch: "image", embedded: "mobilenet_v2" } as const;

/** Name of a server. */
export type ServerName = keyof typeof SERVERS;

/** Which server, and how it is started. */
export interface ServerPlan {
  /** Its name. */
  readonly server: ServerName;
  /** Its model. */
  readonly model: string;
  /** Whether Triton makes batches of requests that wait. */
  readonly dynamicBatching: boolean;
}

/**
 * Starts a server.
 *
 * @param plan Which.
 * @returns The server; it is closed when the comparison ends.
 * @throws {MissingToolError} If what it runs on is not here.
 */
export async function startServer(
  { server, model, dynamicBatching }: ServerPlan,
): Promise<{ readonly url: string } & AsyncDisposable> {
  if (server === "embedded") return await startEmbeddedServer({ models: [model] });
  const noPython = await whyNoPython();
  if (noPython !== null) throw new MissingToolError(`Cannot start the server as Python is needed: ${noPython}`);
  const environment = liveEnvironment("torch", await prepareVenv("torch"));
  if (typeof environment === "string") throw new MissingToolError(`Cannot start the server: ${environment}`);
  if (server === "pytorch") return await startPlainServer(environment);
  const reason = await whyNoTriton(environment);
  if (reason !== null) throw new MissingToolError(`Cannot start Triton: ${reason}; try another --server`);
  return await startTriton(environment, { models: [model], dynamicBatching });
}

/** The plain server: one process, one thread for inferences. */
async function startPlainServer(environment: LiveEnvironment) {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  const port = freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const script = fileURLToPath(new URL("../bench/servers/oip_server.py", import.meta.url));
  return await launch(environment, {
    name: "the plain PyTorch server",
    command: [environment.python, script, "--network", "--port", String(port)],
    folder,
    // Its networks are those of the live tests.
    env: { PYTHONPATH: environment.pathTo("python") },
    healthUrl: `${url}/v2/health/ready`,
    addresses: { url },
  });
}
