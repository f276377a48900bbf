import { assert, assertEquals } from "@std/assert";
import { lengths } from "../../../../src/cli/options/generation/lengths_value.ts";
import { Refused } from "../../../../src/cli/options/option.ts";

const { read } = lengths({ least: 1, most: 1000 });

Deno.test("lengths are a number, two of them, or a mean and a deviation", () => {
  assertEquals(read("128"), 128);
  assertEquals(read("100:200"), { kind: "uniform", least: 100, most: 200 });
  assertEquals(read("normal:128,32"), { kind: "normal", mean: 128, deviation: 32 });
  assertEquals([read("5:5"), read("normal:128,0")], [5, 128]);
});

Deno.test("lengths that others write otherwise are answered by how they are written here", () => {
  const hintOf = (written: string) => {
    const refused = read(written);
    assert(refused instanceof Refused, written);
    return refused.hint;
  };
  assertEquals(hintOf("100-200"), "Write 100:200 for any from 100 to 200, or normal:100,200.");
  assertEquals(hintOf("uniform:100,200"), "Write 100:200.");
  assertEquals(hintOf("128±32"), "Write normal:128,32.");
  assertEquals(hintOf("normal(128, 32)"), "Write normal:128,32.");
  assertEquals(hintOf("mean=128,stdev=32"), "Write normal:128,32.");
  assertEquals(hintOf("200:100"), "Write 100:200.");
  for (const written of ["0", "1001", "1.5", "0:5", "normal:5,6", "a", "", "normal:-1,2"]) hintOf(written);
});
