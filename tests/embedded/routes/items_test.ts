import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeTexts, parseInferRequest } from "../../../src/embedded/routes/binary_tensors.ts";
import { findModel } from "../../../src/embedded/models/catalog.ts";
import { joinItems } from "../../../src/embedded/routes/items.ts";
import { flattenNumbers, readItems } from "../../../src/embedded/routes/read_items.ts";
import { RequestError } from "../../../src/embedded/routes/request_error.ts";
import { tokenize } from "../../../src/embedded/models/tokenize.ts";
import { image } from "../embedded_client.ts";

const mobilenet = findModel("mobilenet")!, bert = findModel("bert-base-uncased")!;

Deno.test("readItems() tells one image from a list of one by the depth of the lists", () => {
  const one = readItems(mobilenet, image(1)), list = readItems(mobilenet, [image(1)]);
  assertEquals([one.asList, list.asList], [false, true]);
  assertEquals(one.items, list.items);
  assertEquals(one.items.count, 1);
});

Deno.test("readItems() refuses with 400 what the model does not take", () => {
  const wrong: [typeof bert, unknown, string][] = [
    [mobilenet, undefined, "0 levels"],
    [mobilenet, "text", "0 levels"],
    [mobilenet, [1, 2, 3], "1 levels"],
    [mobilenet, [], "1 levels"],
    [mobilenet, image(1).slice(1), "must have the shape"],
    [mobilenet, [image(1), image(2).slice(1)], "must have the shape"],
    [mobilenet, [image(1), null], "must have the shape"],
    [mobilenet, Array(129).fill(image(1)), "from 1 to 128"],
    [mobilenet, [[[["x"]]]], "must have the shape"],
    [bert, 7, "a text or a list"],
    [bert, ["a", null], "a text or a list"],
    [bert, [], "from 1 to 128"],
  ];
  for (const [model, inputs, message] of wrong) {
    const error = assertThrows(() => readItems(model, inputs), RequestError, message);
    assertEquals(error.status, 400);
  }
});

Deno.test("flattenNumbers() refuses what is not a finite 32-bit number", () => {
  for (const value of ["1", null, true, [1], 1e39, -1e39]) {
    assertThrows(() => flattenNumbers([0, value], [2], "data"), RequestError, "must hold numbers");
  }
  assertEquals(flattenNumbers([[1, 2], [3, 4]], [2, 2], "data"), Float32Array.of(1, 2, 3, 4));
});

Deno.test("joinItems() pads texts to the longest and masks the padding", () => {
  const texts = (...tokens: Int32Array[]) => ({ kind: "text", count: tokens.length, tokens } as const);
  const feeds = joinItems("text", [], [texts(Int32Array.of(1, 2, 3)), texts(Int32Array.of(4), Int32Array.of(5, 6))]);
  assertEquals(feeds.map(({ name, data, dims }) => [name, [...data], [...dims]]), [
    ["input_ids", [1, 2, 3, 4, 0, 0, 5, 6, 0], [3, 3]],
    ["attention_mask", [1, 1, 1, 1, 0, 0, 1, 1, 0], [3, 3]],
  ]);
});

Deno.test("tokenize() gives ids of the vocabulary, never more than asked for, the same for the same text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 2, max: 64 }), (text, limit) => {
      const tokens = tokenize(text, limit);
      assertEquals(tokens, tokenize(text, limit));
      assertEquals(tokens.length >= 2 && tokens.length <= limit, true);
      assertEquals(tokens.every((id) => id >= 0 && id < 30522), true);
    }),
  );
});

function encodeTexts(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(texts.flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    return [...new Uint8Array(Uint32Array.of(bytes.length).buffer), ...bytes];
  }));
}

Deno.test("decodeTexts() reads back what was encoded", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
    assertEquals(decodeTexts(encodeTexts(texts)), texts);
  }));
});

Deno.test("parseInferRequest() and decodeTexts() answer any bytes with a result or a RequestError of status 400", () => {
  const header = fc.oneof(fc.constant(null), fc.integer({ min: -2, max: 40 }).map(String), fc.string());
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), header, (bytes, length) => {
    const body = new Uint8Array(bytes);
    for (const read of [() => parseInferRequest(body, length), () => decodeTexts(body)]) {
      try {
        read();
      } catch (error) {
        assertInstanceOf(error, RequestError);
        assertEquals(error.status, 400);
      }
    }
  }));
});

Deno.test("parseInferRequest() refuses raw tensors that do not fill the body exactly", () => {
  const json = (size: unknown) => JSON.stringify({ inputs: [{ name: "a", parameters: { binary_data_size: size } }] });
  const parse = (size: unknown, raw: number) => {
    const text = json(size);
    return parseInferRequest(
      new Uint8Array([...new TextEncoder().encode(text), ...Array(raw).fill(7)]),
      `${text.length}`,
    );
  };
  assertEquals(parse(3, 3).inputs[0]!.raw, Uint8Array.of(7, 7, 7));
  assertThrows(() => parse(4, 3), RequestError, "from 0 to 3");
  assertThrows(() => parse(2, 3), RequestError, "1 bytes after the last tensor");
  assertThrows(() => parse(-1, 3), RequestError, "binary_data_size");
  assertThrows(() => parse("3", 3), RequestError, "binary_data_size");
});
