import type { LiveEnvironment } from "../environment.ts";
import { freePorts } from "./live_server.ts";

/** Name of the tiny language model: the folder in which it lies, as servers are told. */
export const TINY_LLAMA = "./tiny_llama";

/** Variables with which nothing is asked of a hub, nor told to anyone. */
export const NO_HUB = { HF_HUB_OFFLINE: "1", HF_HUB_DISABLE_TELEMETRY: "1", DO_NOT_TRACK: "1" } as const;

/** Where a server of the tiny language model runs. */
export interface TinyLlamaPlace {
  /** Holds the model by its name; the server's, who removes it. */
  readonly folder: string;
  /** Free on this machine. */
  readonly port: number;
  /** Of the server at that port. */
  readonly url: string;
}

/**
 * Makes a place for a server of the tiny language model.
 *
 * @param environment Has the model.
 */
export async function placeTinyLlama(environment: LiveEnvironment): Promise<TinyLlamaPlace> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  await Deno.symlink(environment.tinyLlama, `${folder}/${TINY_LLAMA}`);
  const port = freePorts(1);
  return { folder, port, url: `http://127.0.0.1:${port}` };
}
