import { assertEquals, assertThrows } from "@std/assert";
import { parseAb } from "../../../../tasks/bench/clients/ab.ts";
import { parseHey } from "../../../../tasks/bench/clients/hey.ts";
import { parseWrk } from "../../../../tasks/bench/clients/wrk.ts";

const recorded = (name: string) => Deno.readTextFile(new URL(`recorded/${name}`, import.meta.url));

Deno.test("parseAb() reads requests and time of a recorded run, and refuses failed requests and other text", async () => {
  const output = await recorded("ab.txt");
  assertEquals(parseAb(output), { requests: 15906, seconds: 1.003 });
  assertThrows(() => parseAb(output.replace("Failed requests:        0", "Failed requests:        4")), RangeError);
  assertThrows(() => parseAb(output.replace("Total transferred", "Non-2xx responses:      4\nTotal")), RangeError);
  assertThrows(() => parseAb("apr_pollset_poll: The timeout specified has expired"), RangeError, "apr_pollset_poll");
});

Deno.test("parseHey() reads requests and time of a recorded run, and refuses failed requests and other text", async () => {
  const output = await recorded("hey.txt");
  assertEquals(parseHey(output), { requests: 3514, seconds: 1.0037 });
  const failed = await recorded("hey_failed.txt");
  assertThrows(() => parseHey(failed), RangeError, "[404]");
  assertThrows(() => parseHey(`${output}Error distribution:\n  [2] EOF\n`), RangeError, "every request");
  assertThrows(() => parseHey("flag provided but not defined"), RangeError, "flag provided");
});

Deno.test("parseWrk() reads the line of the script, and refuses failed requests and other text", () => {
  const line = "  12 requests in 1.00s\ntorchgauge requests=12 failed=0 duration=1000000 p50=83\n";
  assertEquals(parseWrk(line), { requests: 12, seconds: 1, p50Ms: 0.083 });
  assertThrows(() => parseWrk(line.replace("failed=0", "failed=3")), RangeError, "3 failed");
  assertThrows(() => parseWrk("unable to connect"), RangeError, "unable to connect");
});
