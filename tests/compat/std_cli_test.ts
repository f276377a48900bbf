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
  [["-m5", "-p8080", "-v1.5e-3", "-Z-7"], {}, { m: 5, p: 8080, v: 0.0015, Z: -7, _: [] }],
  [["-m5"], { string: "m" }, { m: "5", _: [] }],
  [["-31", "7"], {}, { 3: true, 1: 7, _: [] }],
  [["-C/usr/lib", "-xvf/tmp/a.tar"], {}, { C: "/usr/lib", x: true, v: true, f: "/tmp/a.tar", _: [] }],
  [["-o-"], {}, { o: "-", _: [] }],
  [["-e==", "-f=a=b", "-xy=1"], {}, { e: "=", f: "a=b", x: 1, _: [] }],
  [["-abc"], { string: ["a", "c"] }, { a: "", b: true, c: "", _: [] }],
  [["-h", "true", "--quiet", "false"], { boolean: ["help", "quiet"], alias: { help: "h" } }, {
    help: true,
    h: true,
    quiet: false,
    _: [],
  }],
  [["-v", "true1"], { boolean: "v" }, { v: true, _: ["true1"] }],

  [["in", "--deep", "out", "-p", "55", "--kind=a"], { boolean: true }, {
    deep: true,
    p: 55,
    kind: "a",
    _: ["in", "out"],
  }],
  [["--a", "b", "c", "--d"], { stopEarly: true }, { a: "b", _: ["c", "--d"] }],
  [["--net.host", "h", "--net.port", "80", "--net.tls.on"], {}, {
    net: { host: "h", port: 80, tls: { on: true } },
    _: [],
  }],
  [["--a.b", "2"], { default: { "a.b": 1, "c.d": 3 }, alias: { "a.b": "aa.bb", "c.d": "e" } }, {
    a: { b: 2 },
    aa: { bb: 2 },
    c: { d: 3 },
    e: 3,
    _: [],
  }],
  [[], { boolean: ["x.y", "z"], string: "w" }, { x: { y: false }, z: false, _: [] }],
  [["--no-color=3", "--no-x"], { boolean: "no-x" }, { color: 3, "no-x": true, _: [] }],
  [["--foo=---=\\n--+34-=/="], {}, { foo: "---=\\n--+34-=/=", _: [] }],
  [["--toString", "--valueOf", "foo"], {}, { toString: true, valueOf: "foo", _: [] }],

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

Deno.test("parseArgs() tells of negated options that nothing else speaks of, and of none that are all boolean", () => {
  const told: unknown[][] = [];
  const unknown = (...args: unknown[]) => told.push(args) === 0;
  parseArgs(["--no-color"], { negatable: "color", unknown });
  parseArgs(["--deep", "--kind=a", "-p", "1"], { boolean: true, unknown });
  assertEquals(told, [["--no-color", "color", false], ["--kind=a", "kind", "a"], ["-p", "p", "1"]]);
});

Deno.test("parseArgs() leaves the prototype alone when an option has its name", () => {
  const parsed = parseArgs(["--__proto__", "x", "--toString"], {});
  assertEquals(Object.getPrototypeOf(parsed), Object.prototype);
  assertEquals(parsed.toString as unknown, true);
});
