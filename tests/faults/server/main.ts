/**
 * A faulty server in a process of its own: `main.ts MODE [DIALECT]`. It prints one line of JSON with the URL of the faulty
 * server and of a sound one; each line on its standard input is answered with what it saw, and it ends with it.
 *
 * @module
 */
import { type Dialect, DIALECTS } from "../mode.ts";
import { modeNamed } from "../modes.ts";
import { startFaultServer } from "./fault_server.ts";
import { openFaultyPort } from "./faulty_port.ts";

const [name = "", asked] = Deno.args;
const { fault, dialects = DIALECTS, prepare } = modeNamed(name);
prepare?.();
const dialect = (asked ?? dialects[0]!) as Dialect;
await using sound = await startFaultServer(dialect, null);
await using faulty = fault.at === "port"
  ? await openFaultyPort(fault.how, dialect)
  : await startFaultServer(dialect, fault);
print({ url: faulty.url, soundUrl: sound.url, ...("ca" in faulty) && { ca: faulty.ca } });
for await (const _ of Deno.stdin.readable) print({ faulty: faulty.counts(), sound: sound.counts() });
Deno.exit();

function print(value: unknown): void {
  // deno-lint-ignore no-console -- who started it reads it
  console.log(JSON.stringify(value));
}
