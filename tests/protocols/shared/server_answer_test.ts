import { assertEquals, assertMatch } from "@std/assert";
import { MOST_IN_JSON } from "../../../src/core/untrusted/nesting.ts";
import { parseBody, serverWords } from "../../../src/protocols/shared/server_answer.ts";

const utf8 = new TextEncoder();

Deno.test("parseBody() takes no JSON that is not UTF-8", () => {
  const around = (middle: readonly number[]) =>
    Uint8Array.from([...utf8.encode('["'), ...middle, ...utf8.encode('"]')]);
  assertEquals(parseBody(around([...utf8.encode("\ufffd é")])), ["\ufffd é"]);
  for (const wrong of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
    assertEquals(parseBody(around(wrong)), undefined);
  }
});

Deno.test("parseBody() takes no JSON of so many lists and objects that reading it would stop the run, and serverWords() says so", () => {
  const of = (count: number) => utf8.encode(`[${"{},".repeat(count - 2)}{}]`);
  assertEquals((parseBody(of(MOST_IN_JSON)) as unknown[]).length, MOST_IN_JSON - 1);
  const many = of(MOST_IN_JSON + 1);
  assertEquals(parseBody(many), undefined);
  assertMatch(serverWords(undefined, many), /^it holds more than 1048576 lists and objects: \[\{\},/);
});

Deno.test("serverWords() says that what looks like JSON is not UTF-8", () => {
  const body = Uint8Array.from([...utf8.encode('{"a": "'), 0xff, ...utf8.encode('"}')]);
  assertEquals(serverWords(undefined, body), 'it is not UTF-8: {"a": "\ufffd"}');
});

Deno.test("serverWords() gives the title of a page, and of anything else the beginning on one line", () => {
  const style = `<style>${"a{}".repeat(500)}</style>`;
  const rows: readonly (readonly [body: string, words: string])[] = [
    [`<!DOCTYPE html>\n<html><head>${style}<title>\n502 Bad Gateway </title></head>`, 'an HTML page "502 Bad Gateway"'],
    ["<html><body><h1>Not here</h1>", 'an HTML page "Not here"'],
    ["<html></html>", "an HTML page"],
    [`<html><title>${"t".repeat(1000)}</title>`, `an HTML page "${"t".repeat(186)}...`],
    ["no  such\nmodel", "no such model"],
    ["<s> is no page", "<s> is no page"],
    ["w".repeat(10_000), `${"w".repeat(200)}...`],
  ];
  for (const [body, words] of rows) assertEquals(serverWords(undefined, utf8.encode(body)), words);
});
