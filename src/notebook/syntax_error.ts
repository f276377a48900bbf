/**
 * What is wrong with the syntax of TypeScript, as Deno's formatter, the quickest parser at hand, says it.
 *
 * @param source The code.
 * @returns The message with line and column, or `null` where nothing is wrong.
 */
export async function syntaxError(source: string): Promise<string | null> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext=ts", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source)).then(() => writer.close()).catch(() => {});
  const { success, stderr } = await child.output();
  if (success) return null;
  const said = new TextDecoder().decode(stderr);
  const found = /^error: (?:SyntaxError: )?(.*)$[\s\S]*?:(\d+):(\d+)$/m.exec(said);
  return found === null ? said.trim() : `${found[1]} at line ${found[2]}, column ${found[3]}`;
}
