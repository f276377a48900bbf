import { fileURLToPath } from "node:url";
import { runProgram } from "../../agreement/install.ts";
import { MissingToolError } from "../../agreement/peer.ts";
import { type PinnedServer, startPinned } from "../pinned.ts";
import { type Answer, answersOf } from "./answers.ts";

const SOURCE = fileURLToPath(new URL("sink.c", import.meta.url));

/**
 * Compiles the server that discards bodies.
 *
 * @param folder Where to.
 * @returns Path of the program.
 * @throws {MissingToolError} If there is no C compiler.
 */
export async function compileSink(folder: string): Promise<string> {
  const { success, stderr } = await runProgram("gcc", ["-O2", "-o", `${folder}/sink`, SOURCE]);
  if (!success) throw new MissingToolError(`Cannot compile ${SOURCE} as gcc must take it: ${stderr.trim()}`);
  return `${folder}/sink`;
}

/**
 * Starts it.
 *
 * @param program What {@linkcode compileSink} made.
 * @param delayUs Time between the last byte of an inference request and its answer, us.
 */
export async function startSink(program: string, delayUs: number): Promise<PinnedServer> {
  const table = `${program}-answers-${delayUs}`;
  await Deno.writeTextFile(table, answersOf(delayUs).map(entryOf).join(""));
  return await startPinned([program, table]);
}

function entryOf({ method, path, leastBodyBytes, delayUs, body }: Answer): string {
  // ab keeps a connection only where it is told so.
  const answer = "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-type: application/json\r\n" +
    `content-length: ${body.length}\r\n\r\n${body}`;
  return `${method} ${path} ${leastBodyBytes} ${delayUs} ${answer.length}\n${answer}`;
}
