import { assert, assertEquals } from "@std/assert";
import { welcome } from "../../../src/cli/commands/serve_command.ts";
import { startEmbeddedServer } from "../../../src/embedded/start.ts";

Deno.test("serve says commands that the server answers", async () => {
  await using server = await startEmbeddedServer({ models: [] });
  assert(welcome(server.url, ["llama_tiny"]).includes("llama_tiny answers over OpenAI's API"));
  const whole = welcome(server.url, []).replaceAll("\\\n", ""); // a command may go on on a further line
  const commands = whole.split("\n").filter((line) => line.startsWith("  curl "));
  assert(commands.length >= 3);
  for (const command of commands) {
    const args = ["-c", command.replace("curl", "curl --silent --show-error --fail-with-body")];
    const { code, stdout } = await new Deno.Command("sh", { args }).output();
    assertEquals(code, 0, `${command}: ${new TextDecoder().decode(stdout)}`);
  }
});
