import { assertEquals } from "@std/assert";
import { BodyFiles } from "../../../tasks/bench/clients/body_file.ts";
import type { Client } from "../../../tasks/bench/clients/client.ts";
import { type Bench, measureInTurn } from "../../../tasks/bench/measurement.ts";

const JOB = { url: "http://127.0.0.1:1", model: "small", batchSize: 1, connections: 1 };

function benchOf(pairs: number, lacks: string[]): Bench {
  return {
    pairs,
    seconds: 1,
    quick: false,
    folder: "",
    bodies: new BodyFiles(""),
    sink: null,
    say() {},
    lacks: (reason) => lacks.push(reason),
  };
}

Deno.test("measureInTurn() goes forwards and backwards, and leaves out a client that fails with its reason", async () => {
  const order: string[] = [];
  const client = (name: string, failsAt = Infinity): Client => ({
    name,
    measure({ seconds }) {
      order.push(name);
      const times = order.filter((other) => other === name).length;
      if (times >= failsAt) return Promise.reject(new Error("it broke"));
      return Promise.resolve({ requests: times, seconds, cpuMs: 0 });
    },
  });
  const lacks: string[] = [];
  const [first, second, third] = [client("a"), client("b", 2), client("c")] as const;
  const runs = await measureInTurn(benchOf(3, lacks), "a case", [first, second, third], JOB);
  assertEquals(order.join(""), "abccbaac");
  assertEquals([...runs.keys()].map(({ name }) => name), ["a", "c"]);
  assertEquals(runs.get(first)!.map(({ requests }) => requests), [1, 2, 3]);
  assertEquals(lacks, ["b, a case: it broke"]);
});
