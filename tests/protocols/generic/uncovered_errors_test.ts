import { assertEquals, assertStringIncludes } from "@std/assert";
import { generic } from "./described.ts";

const asked = { model: "m", predictions: 1, allowNullResults: false };
const answer = (value: unknown) => ({
  status: 200,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(value)),
});

Deno.test("an error at the top of an answer that no pointer covers is told once, and is no failure", async () => {
  const { judge, notes } = await generic({}, { predictions: "/out" });
  for (const words of ["the device is busy", "another", null, ""]) {
    assertEquals(judge(answer({ out: [1], error: words }), asked).kind, "success");
  }
  assertEquals(judge(answer({ out: [1], detail: [{ msg: "x".repeat(200) }] }), asked).kind, "success");
  const [error, detail, ...more] = notes!();
  assertStringIncludes(error!, 'An answer of status 200 has "error": the device is busy.');
  assertStringIncludes(detail!, 'with "error": "/detail" it is one');
  assertEquals([more, detail!.length < 260], [[], true]);
});

Deno.test("nothing is told of what says no error, or what a pointer covers", async () => {
  const { judge, notes } = await generic({}, { predictions: "/detail/0", error: "/error/text" });
  for (const value of [null, false, 0, "", [], {}]) {
    assertEquals(judge(answer({ errors: value, detail: [1] }), asked).kind, "success");
  }
  assertEquals(judge(answer({ error: { text: "busy" }, detail: [1] }), asked).kind, "failure");
  assertEquals(judge(answer({ error: { code: 1 }, detail: [1] }), asked).kind, "success");
  assertEquals(notes!(), []);
});

Deno.test("nothing is told of an error that fails the whole answer as a prediction", async () => {
  const { judge, notes } = await generic({}, { predictions: "" });
  assertEquals(judge(answer({ error: "CUDA out of memory" }), asked).kind, "failure");
  assertEquals(notes!(), []);
  assertEquals(judge(answer({ errors: ["busy"] }), asked).kind, "success");
  assertEquals(notes!().length, 1);
});
