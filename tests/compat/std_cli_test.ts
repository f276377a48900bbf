import { assertEquals } from "@std/assert";
import { parseArgs, type ParseOptions } from "../../compat/std-cli/parse_args.ts";

/** Arguments, options, and what the package's documentation and tests say of them. */
const CASES: readonly [readonly string[], ParseOptions, Record<string, unknown>][] = [
  [["--bool"], {}, { bool: true, _: [] }],
  [["--pow", "xixxle"], {}, { pow: "xixxle", _: [] }],
  [["--host=localhost", "--port=555"], {}, { host: "localhost", port: 555, _: [] }],
  [["--foo=bar=baz"], {}, { foo: "bar=baz", _: [] }],
  [["--foo", "1", "--foo", "2"], {}, { foo: 2, _: [] }],
  [["-x", "1234", "-y", "5.67", "-z", "1e7", "-w", "10f", "--hex", "0xdeadbeef", "789"], {}, {
    x: 1234,
    y: 5.67,
    z: 1e7,
    w: "10f",
    hex: 0xdeadbeef,
    _: [789],
  }],
  [["-cats", "meow"], {}, { c: true, a: true, t: true, s: "meow", _: [] }],
  [["-b=123"], {}, { b: 123, _: [] }],
  [["-h", "localhost", "-fp", "555", "script.js"], {}, { f: true, p: 555, h: "localhost", _: ["script.js"] }],
  [["-"], {}, { _: ["-"] }],
  [["-n", "-"], {}, { n: "-", _: [] }],
  [["-b", "-"], { boolean: "b" }, { b: true, _: ["-"] }],
  [["--x=\n1", "-s", "X\nX"], {}, { x: 1, s: "X\nX", _: [] }],
  [["-x", "\t"], {}, { x: "\t", _: [] }],

  [["--verbose", "false", "moo", "-t", "true"], { boolean: ["t", "verbose"], default: { verbose: true } }, {
    verbose: false,
    t: true,
    _: ["moo"],
  }],
  [["--boool=false"], { boolean: ["boool"], default: { boool: true } }, { boool: false, _: [] }],
  [["moo"], { boolean: ["t", "verbose"] }, { t: false, verbose: false, _: ["moo"] }],
  [[], { boolean: "maybe", default: { maybe: null } }, { maybe: null, _: [] }],
  [["--herp", "derp"], { boolean: "herp", alias: { h: "herp" } }, { h: true, herp: true, _: ["derp"] }],

  [["-s", "0001234", "--int", "7"], { string: ["s", "int"] }, { s: "0001234", int: "7", _: [] }],
  [["--str"], { string: "str" }, { str: "", _: [] }],
  [["--str", "--other"], { string: "str" }, { str: "", other: true, _: [] }],
  [["--str", "-5"], { string: "str" }, { str: "", 5: true, _: [] }],
  [["--str="], { string: "str" }, { "str=": true, _: [] }],
  [["--str", ""], { string: "str" }, { str: "", _: [""] }],
  [["  ", "12"], { string: "_" }, { _: ["  ", "12"] }],
  [["-s", "000123"], { string: "str", alias: { str: "s" } }, { str: "000123", s: "000123", _: [] }],
  [["-f", "11", "--zoom", "55"], { alias: { z: ["zm", "zoom"] } }, { f: 11, z: 55, zm: 55, zoom: 55, _: [] }],

  [["--no-foo"], { boolean: "foo", negatable: "foo" }, { foo: false, _: [] }],
  [["--no-foo", "--foo"], { boolean: "foo", negatable: "foo" }, { foo: true, _: [] }],
  [["--no-moo"], {}, { "no-moo": true, _: [] }],
  [
    ["--foo", "123", "-f", "456", "--no-foo"],
    { string: "foo", collect: "foo", negatable: "foo", alias: { foo: "f" } },
    {
      foo: false,
      f: false,
      _: [],
    },
  ],

  [["--s", "a", "--s=b", "--b", "--b"], { string: "s", boolean: "b", collect: ["s", "b"] }, {
    s: ["a", "b"],
    b: [true, true],
    _: [],
  }],
  [[], { string: "s", boolean: "b", collect: ["s", "b", "other"] }, { s: [], b: [], _: [] }],
  [["--bib", "1", "--bib"], { collect: "bib" }, { bib: [1, true], _: [] }],
  [["-S", "beep"], { string: "strArr", collect: "strArr", alias: { strArr: "S" } }, {
    strArr: ["beep"],
    S: ["beep"],
    _: [],
  }],
  [[], { collect: "foo", default: { foo: ["bar"] } }, { foo: ["bar"], _: [] }],

  [["-a", "--", "b", "--c"], {}, { a: true, _: ["b", "--c"] }],
  [["--name", "John", "before", "--", "after"], { "--": true }, { name: "John", _: ["before"], "--": ["after"] }],
];

Deno.test("parseArgs() gives the package's results", () => {
  for (const [args, options, expected] of CASES) {
    assertEquals<Record<string, unknown>>(
      parseArgs([...args], options),
      expected,
      `${JSON.stringify(args)} with ${JSON.stringify(options)}`,
    );
  }
});

Deno.test("parseArgs() tells of unknown arguments and drops those that are refused", () => {
  const told: unknown[][] = [];
  const unknown = (...args: unknown[]) => {
    told.push(args);
    return false;
  };
  const args = ["-h", "hello", "--derp", "goodbye", "-d", "moon", "--bad", "--no-x", "stray", "--", "rest"];
  const parsed = parseArgs(args, { string: "h", alias: { h: "herp" }, unknown });
  assertEquals(told, [
    ["--derp", "derp", "goodbye"],
    ["-d", "d", "moon"],
    ["--bad", "bad", true],
    ["--no-x", "no-x", "stray"],
  ]);
  assertEquals<Record<string, unknown>>(parsed, { h: "hello", herp: "hello", _: ["rest"] });
});

Deno.test("parseArgs() leaves the prototype alone when an option has its name", () => {
  const parsed = parseArgs(["--__proto__", "x", "--toString"], {});
  assertEquals(Object.getPrototypeOf(parsed), Object.prototype);
  assertEquals(parsed.toString as unknown, true);
});
