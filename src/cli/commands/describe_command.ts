import { inWords } from "../../core/option_words.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { fetchDocument } from "../../protocols/openapi/fetch_document.ts";
import { proposeDescription } from "../../protocols/openapi/propose.ts";
import type { DescribeCommand } from "../options/command_line.ts";
import { flagOf } from "../options/options.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { paragraph } from "../help/help_page.ts";
import { filesOfServer } from "./check_outputs.ts";
import { connectOptions } from "./server_access.ts";
import { whenReady } from "./when_ready.ts";

/**
 * Proposes the description of a server from its OpenAPI document. The description goes to stdout or the file, what was
 * guessed and what the document does not say to stderr.
 *
 * @param command Which server, and which of its requests.
 * @param console Where it prints.
 * @param signal Gives it up.
 */
export async function describeServer(
  { server, path, output, timeoutMs, verbose }: DescribeCommand,
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (output !== null) await checkWritable(output, filesOfServer(server));
  const how = await connectOptions(server, console);
  const wait = { waitMs: server.waitMs ?? 0, timeoutMs: timeoutMs ?? defaultOf("timeoutMs"), signal };
  const found = await whenReady((timeoutMs) => fetchDocument(server.url!, how, { signal, timeoutMs }), console, wait);
  if (verbose) console.error(`read ${found.path}`);
  const { description, notes } = proposeDescription(found.document, path ?? undefined);
  const text = `${JSON.stringify(description, null, 2)}\n`;
  const trouble = output === null ? null : await writeOutput(output, text);
  if (output === null || trouble !== null) await console.write(text);
  for (const note of [...trouble === null ? [] : [trouble], ...notes]) {
    console.error(paragraph(inWords(note, flagOf)).map((line, i) => (i === 0 ? "-" : " ") + line.slice(1)).join("\n"));
  }
  return trouble === null ? EXIT_CODE.done : EXIT_CODE.fault;
}
