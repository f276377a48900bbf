import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
  fail,
  unreachable,
} from "../../compat/std-assert/mod.ts";

/** The message with which an assertion fails; this file's own judge, so that the adapter does not judge itself. */
function failureOf(assertion: () => void): string | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    if (error instanceof AssertionError && error.name === "AssertionError") return error.message;
    throw error;
  }
}

function expect(found: unknown, wanted: unknown, what: string): void {
  if (found !== wanted) throw new Error(`${what}\nwanted: ${JSON.stringify(wanted)}\nfound:  ${JSON.stringify(found)}`);
}

const thrower = (error: unknown) => () => {
  throw error;
};

Deno.test("assertions pass where the package's own tests pass", () => {
  const sparse: number[] = [1, , 3] as number[];
  const passing: readonly [string, () => void][] = [
    ["assert() of a truthy value", () => assert("text")],
    ["assertFalse() of each falsy value", () => [false, 0, 0n, "", null, undefined].forEach((v) => assertFalse(v))],
    ["NaN equals NaN", () => assertEquals({ a: [NaN] }, { a: [NaN] })],
    ["0 equals -0, at any depth", () => assertEquals([0, { a: -0 }], [-0, { a: 0 }])],
    ["0 equals -0 in typed arrays", () => assertEquals(new Float64Array([0]), new Float64Array([-0]))],
    ["an object without a prototype equals a plain one", () => assertEquals(Object.create(null), {})],
    ["keys in another order", () => assertEquals({ a: 1, b: 2 }, { b: 2, a: 1 })],
    [
      "maps and sets in another order",
      () => assertEquals(new Map([[1, new Set(["a", "b"])]]), new Map([[1, new Set(["b", "a"])]])),
    ],
    ["dates of one moment", () => assertEquals(new Date(5), new Date(5))],
    ["sparse arrays", () => assertEquals(sparse, [1, , 3] as number[])],
    ["Object.is() for assertStrictEquals()", () => assertStrictEquals(NaN, NaN)],
    ["the default tolerance", () => assertAlmostEquals(1.000000001e-8, 1.000000002e-8)],
    ["a tolerance", () => assertAlmostEquals(0.1 + 0.2, 0.3, 1e-16)],
    ["infinity is close to itself", () => assertAlmostEquals(Infinity, Infinity)],
    ["deep values for assertArrayIncludes()", () => assertArrayIncludes([{ a: 1 }, { b: [2] }], [{ b: [2] }])],
    ["typed arrays for assertArrayIncludes()", () => assertArrayIncludes(new Uint8Array([1, 2]), [2])],
    ["0 and false exist", () => [0, false, ""].forEach((v) => assertExists(v))],
    ["a subclass is an instance", () => assertInstanceOf(new RangeError(), Error)],
    ["orders", () => (assertGreater(2, 1), assertGreaterOrEqual(1, 1), assertLess(1, 2), assertLessOrEqual(1, 1))],
    [
      "part of a message in colours",
      () => void assertThrows(thrower(new Error("\x1b[31mred\x1b[0m end")), Error, "red end"),
    ],
    ["anything thrown, without a class", () => void assertThrows(thrower("text"))],
  ];
  for (const [what, assertion] of passing) expect(failureOf(assertion), undefined, what);
});

Deno.test("assertions fail with the package's messages", () => {
  const failing: readonly [() => void, string][] = [
    [() => assert(0), ""],
    [() => assert(0, "why"), "why"],
    [() => assertFalse(1, "why"), "why"],
    [() => assertNotEquals([1], [1]), "Expected actual: [\n  1,\n] not to be: [\n  1,\n]."],
    [() => assertNotEquals("a", "a", "why"), 'Expected actual: "a" not to be: "a": why'],
    [
      () => assertStrictEquals({ a: 1 }, { a: 1 }),
      "Values have the same structure but are not reference-equal.\n\n    {\n      a: 1,\n    }\n",
    ],
    [
      () => assertAlmostEquals(0.01, 0.02),
      'Expected actual: "1e-2" to be close to "2e-2": delta "1e-2" is greater than "2e-9".',
    ],
    [
      () => assertAlmostEquals(3, 1, 1, "why"),
      'Expected actual: "3" to be close to "1": delta "2" is greater than "1": why',
    ],
    [
      () => assertAlmostEquals(NaN, 1),
      'Expected actual: "NaN" to be close to "1": delta "NaN" is greater than "1e-7".',
    ],
    [() => assertGreater(1, 1), "Expect 1 > 1"],
    [() => assertGreaterOrEqual(0, 1), "Expect 0 >= 1"],
    [() => assertLess(1, 1), "Expect 1 < 1"],
    [() => assertLessOrEqual("b", "a", "why"), "why"],
    [
      () => assertArrayIncludes([1], [1, 2]),
      'Expected actual: "[\n  1,\n]" to include: "[\n  1,\n  2,\n]".\nmissing: [\n  2,\n]',
    ],
    [() => assertStringIncludes("Hello", "world"), 'Expected actual: "Hello" to contain: "world".'],
    [() => assertMatch("a", /b/), 'Expected actual: "a" to match: "/b/".'],
    [() => assertNotMatch("a", /a/, "why"), 'Expected actual: "a" to not match: "/a/": why'],
    [() => assertExists(null), 'Expected actual: "null" to not be null or undefined.'],
    [() => assertInstanceOf(new Date(), Number), 'Expected object to be an instance of "Number" but was "Date".'],
    [() => assertInstanceOf(null, Number), 'Expected object to be an instance of "Number" but was "null".'],
    [
      () => assertInstanceOf(() => {}, Number, "why"),
      'Expected object to be an instance of "Number" but was not an instanced object: why',
    ],
    [() => void assertThrows(() => {}), "Expected function to throw."],
    [() => void assertThrows(() => {}, "why"), "Expected function to throw: why"],
    [
      () => void assertThrows(() => {}, null as unknown as typeof Error, "why"),
      "Expected function to throw: why",
    ],
    [() => void assertThrows(thrower("text"), Error), "A non-Error object was thrown."],
    [
      () => void assertThrows(thrower(new TypeError("a")), RangeError),
      'Expected error to be instance of "RangeError", but was "TypeError".',
    ],
    [
      () => void assertThrows(thrower(new Error("a")), Error, "b", "why"),
      'Expected error message to include "b", but got "a": why',
    ],
    [() => fail(), "Failed assertion."],
    [() => fail("why"), "Failed assertion: why"],
    [() => unreachable(), "Unreachable."],
  ];
  for (const [assertion, message] of failing) expect(failureOf(assertion), message, String(assertion));
});

Deno.test("assertEquals() says what differs", () => {
  const unequal: readonly [unknown, unknown][] = [
    [1, "1"],
    [{ a: undefined }, {}],
    [[1, 2], [1]],
    [new Date(1), new Date(2)],
    [new Error("a"), new Error("b")],
    [new Map([[1, 1]]), new Map([[1, 2]])],
    [new Set([1]), new Set([2])],
    [/a/, /a/i],
    [new (class A {})(), {}],
    [new Float32Array([1]), new Float64Array([1])],
    [null, undefined],
  ];
  for (const [actual, expected] of unequal) {
    const message = failureOf(() => assertEquals(actual, expected));
    expect(message?.split("\n")[0], "Values are not equal.", Deno.inspect([actual, expected]));
    expect(failureOf(() => assertNotEquals(actual, expected)), undefined, Deno.inspect([actual, expected]));
  }
});

Deno.test("assertEquals() shows the difference as the package does", () => {
  const lines = (actual: unknown, expected: unknown) =>
    failureOf(() => assertEquals(actual, expected))?.split("\n").slice(6).join("|");
  expect(
    failureOf(() => assertEquals(1, 2, "why")),
    "Values are not equal: why\n\n\n    [Diff] Actual / Expected\n\n\n-   1\n+   2\n",
    "the whole message",
  );
  expect(lines({ a: 1, b: 2 }, { a: 1, b: 3 }), "    {|      a: 1,|-     b: 2,|+     b: 3,|    }|", "a field");
  expect(lines([1], [1, 2]), "    [|      1,|+     2,|    ]|", "a longer list");
  expect(
    lines({ b: 1, a: 2 }, { a: 2, b: [3] }),
    "    {|      a: 2,|+     b: [|+       3,|+     ],|-     b: 1,|    }|",
    "order",
  );
  expect(lines(["x", "y", "z"], ["y"]), '    [|-     "x",|      "y",|-     "z",|    ]|', "around what stays");
  expect(lines("a\tb\nc", "a\tb\nd"), "    a\\tb\\n|-   c|+   d||", "texts");
  expect(
    failureOf(() => assertStrictEquals({ a: 1 }, { a: 2 }))?.split("\n").slice(6).join("|"),
    "    {|-     a: 1,|+     a: 2,|    }|",
    "strictly",
  );
  const long = Array.from({ length: 3000 }, (_, i) => i);
  expect(lines(long, long.toReversed())!.length > 6000, true, "a long list");
});

Deno.test("equal() judges objects as the package does", () => {
  class Point {
    readonly #hidden: number;
    constructor(readonly x: number, hidden = 0) {
      this.#hidden = hidden;
    }
    get hidden(): number {
      return this.#hidden;
    }
  }
  const circular = () => {
    const one: { me?: unknown } = {};
    one.me = one;
    return one;
  };
  const alike: readonly [unknown, unknown][] = [
    [new Point(1, 2), new Point(1, 2)],
    [circular(), circular()],
    [new Set([{ b: 2 }, { a: 1 }]), new Set([{ a: 1 }, { b: 2 }])],
    [new Map([[{ a: 1 }, [1]], [{ b: 2 }, [2]]]), new Map([[{ b: 2 }, [2]], [{ a: 1 }, [1]]])],
    [new WeakRef({ a: 1 }), new WeakRef({ a: 1 })],
    [new URL("http://a/b"), new URL("http://a/b")],
    [new URLSearchParams("a=1"), new URLSearchParams("a=1")],
    [new URLPattern("*://*.*"), new URLPattern("*://*.*")],
    [new Intl.Locale("de-CH"), new Intl.Locale("de-CH")],
    [{ constructor: { x: 1 } }, { constructor: { x: 1 } }],
    [new Date("no date"), new Date("no date")],
    [new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]).buffer],
    [new Float64Array([NaN]), new Float64Array([NaN])],
    [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 1 }],
  ];
  for (const [a, b] of alike) expect(equal(a, b), true, Deno.inspect([a, b]));
  const different: readonly [unknown, unknown][] = [
    [new Point(1, 2), new Point(1, 3)],
    [new Point(1), { x: 1, hidden: 0 }],
    [new Point(1), { constructor: Point }],
    [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
    [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 2]])],
    [new Map([[1, 1]]), new Map([[2, 1]])],
    [new WeakRef({ a: 1 }), new WeakRef({ a: 2 })],
    [new WeakRef({}), { constructor: WeakRef }],
    [new WeakMap(), new WeakSet()],
    [new URL("http://a/b"), new URL("http://a/c")],
    [new URLSearchParams("a=1"), new URLSearchParams("a=2")],
    [new URLPattern("*://*.*"), new URLPattern("*://*.com")],
    [new Intl.Locale("de-CH"), new Intl.Locale("de-AT")],
    [new Date("no date"), new Date(0)],
    [new Uint8Array([1, 2]).buffer, new Uint8Array([1, 3]).buffer],
    [new Uint8Array([0]), new Uint8Array([0, 0])],
    [{ [Symbol("a")]: 1 }, { [Symbol("a")]: 1 }],
    [{ a: undefined, b: undefined }, { a: undefined, c: undefined }],
    [() => 1, () => 1],
    [0n, 0],
  ];
  for (const [a, b] of different) expect(equal(a, b), false, Deno.inspect([a, b]));
  for (
    const [a, b, name] of [[new WeakMap(), new WeakMap(), "WeakMap"], [
      new WeakSet(),
      new WeakSet(),
      "WeakSet",
    ]] as const
  ) {
    let found = "";
    try {
      equal(a, b);
    } catch (error) {
      found = String(error);
    }
    expect(found, `TypeError: Cannot compare ${name} instances`, name);
  }
});

Deno.test("assertRejects() resolves to the error when the promise rejects, and rejects when it does not", async () => {
  const error = new RangeError("out of range");
  expect(await assertRejects(() => Promise.reject(error), RangeError, "of range"), error, "the error itself");
  const failing: readonly [() => Promise<unknown>, string][] = [
    [() => assertRejects(() => Promise.resolve()), "Expected function to reject."],
    [() => assertRejects(() => Promise.resolve(), "why"), "Expected function to reject: why"],
    [() => assertRejects(thrower(error) as () => Promise<void>), "Function throws when expected to reject."],
    [() => assertRejects((() => 1) as unknown as () => Promise<void>), "Function throws when expected to reject."],
    [() => assertRejects(() => Promise.reject("text"), Error), "A non-Error object was rejected."],
    [
      () => assertRejects(() => Promise.reject(error), SyntaxError),
      'Expected error to be instance of "SyntaxError", but was "RangeError".',
    ],
  ];
  for (const [assertion, message] of failing) {
    const found = await assertion().then(() => undefined, (reason) => reason.message);
    expect(found, message, String(assertion));
  }
});
