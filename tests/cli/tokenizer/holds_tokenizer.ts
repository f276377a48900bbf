/** Holds a tokenizer, counts by it after every line of its stdin, and takes no notice of Ctrl-C. */
import { openTokenizer } from "../../../src/cli/tokenizer/open_tokenizer.ts";

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

Deno.addSignalListener("SIGINT", () => say("interrupted"));
await using tokenizer = await openTokenizer(Deno.args[0]!);
say("open");
for await (const _ of Deno.stdin.readable) say(String(await tokenizer.count(["time year"])));
