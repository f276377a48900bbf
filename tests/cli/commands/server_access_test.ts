import {
  assert,
  assertEquals,
  assertFalse,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";
import { commandText } from "../../../src/cli/terminal/command_text.ts";
import { connectOptions } from "../../../src/cli/commands/server_access.ts";
import { runDifferences } from "../../../src/compare/run_differences.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { genericProtocol } from "../../../src/protocols/generic.ts";
import { FAKE_GENERIC, fakeGeneric } from "../../protocols/fake_generic.ts";
import { textOf } from "../../protocols/generic/described.ts";
import { startFakeServer } from "../../protocols/fake_server.ts";
import { startModelServer } from "../../protocols/torchserve/model_server.ts";
import { createAuthority, createSelfSigned } from "../../wire/certificates.ts";
import { startHttpServer, startHttpsServer, startProxy } from "../../wire/http_server.ts";
import { run } from "../command.ts";

const SECRET = "hunter2hunter2";

async function inFolder(
  body: (folder: string, file: (name: string, text: string) => Promise<string>) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder, async (name, text) => {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      return `${folder}/${name}`;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function options(...argv: readonly string[]) {
  const command = parseCommandLine(["--url", "http://h", ...argv], (name) => name === "MGMT" ? "m-token" : undefined);
  return connectOptions((command as RunCommand).server);
}

Deno.test("connectOptions() takes a token from a file, and both of TorchServe's from its key file", async () => {
  await inFolder(async (_, file) => {
    const plain = await options("--token-file", await file("token", ` ${SECRET}\n`));
    assertEquals([plain.headers, plain.managementHeaders], [{ authorization: `Bearer ${SECRET}` }, {}]);
    const keys = { management: { key: "m1", "expiration time": "..." }, inference: { key: "i1" }, API: { key: "a1" } };
    const keyFile = await file("key_file.json", JSON.stringify(keys));
    const torchserve = await options("--token-file", keyFile);
    assertEquals(torchserve.headers, { authorization: "Bearer i1" });
    assertEquals(torchserve.managementHeaders, { authorization: "Bearer m1" });
    const another = await options("--token-file", keyFile, "--management-token-env", "MGMT");
    assertEquals(another.managementHeaders, { authorization: "Bearer m-token" });
    const managed = await options("--management-token-file", keyFile);
    assertEquals([managed.headers, managed.managementHeaders], [{}, { authorization: "Bearer m1" }]);
  });
});

Deno.test("connectOptions() says what is wrong with a token's file and shows neither token nor path", async () => {
  await inFolder(async (folder, file) => {
    const flaws: readonly [path: string, word: string][] = [
      [`${folder}/${SECRET}`, "there is none"],
      [folder, "it is a folder"],
      [await file("empty", "\n"), "it is empty"],
      [await file("words", `Bearer ${SECRET}`), "several words"],
      [await file("json", `{"key": "${SECRET}"}`), "without inference.key"],
    ];
    for (const option of ["--token-file", "--management-token-file"]) {
      for (const [path, word] of flaws) {
        const error = await assertRejects(() => options(option, path), UsageError, word);
        assertStringIncludes(error.message, `"${option}"`);
        assertFalse(error.message.includes(SECRET));
      }
    }
  });
});

Deno.test("readAccess() refuses two ways to the same thing", () => {
  const refused: readonly [argv: string, words: string][] = [
    ["--token-env MGMT --token-file f", '"--token-env" and "--token-file"'],
    ["--header Authorization:x --token-file f", "again in --token-file"],
    ["--unix-socket /s --proxy http://p", "found both"],
    ["--client-cert c", "must come together"],
    ["--proxy ftp://p", "must start with http://"],
    ["--management-url h:1", "http:// or https://"],
    ["--test-type basic --reregister", "that is for latency, memory, comprehensive"],
  ];
  for (const [argv, words] of refused) {
    const parse = () => parseCommandLine(["--url", "http://h", ...argv.split(" ")], () => "token");
    assertThrows(parse, UsageError, words, argv);
  }
  assertThrows(
    () => parseCommandLine(["--ca-file", "f"], () => undefined),
    UsageError,
    '"--ca-file" as it must be for',
  );
});

Deno.test("connectOptions() passes the transport on, and knows its names", async () => {
  assertEquals((await options("--transport", "undici")).transport, "undici");
  assertFalse("transport" in await options());
  assertThrows(() => parseCommandLine(["--transport", "udp"], () => undefined), UsageError, "http1, undici");
});

Deno.test("connectOptions() passes the certificate's name on, and that it is not checked", async () => {
  assertEquals((await options("--tls-name", "gpu-box", "--insecure")).access, { tlsName: "gpu-box", insecure: true });
  assertEquals((await options()).access, {});
});

Deno.test("the command measures a server by its certificate's name, or unchecked, which its report says", async () => {
  const identity = await createSelfSigned("gpu-box");
  await using server = await startHttpsServer(identity, undefined, (_, response) => response.end('{"echo": 1}'));
  await inFolder(async (folder, file) => {
    const output = `${folder}/result.json`;
    const measure = async (...access: string[]) => {
      const { code, stderr } = await run([
        ...["--test-type", "basic", "--requests", "5", "--warmup", "0", "--model", "m", "--url", server.url],
        ...["--output", output, "--report", `${folder}/report.html`],
        ...["--generic", await file("server.json", '{"predict": {"path": "/"}, "predictions": "/echo"}')],
        ...["--input-data", await file("items.json", '[{"a": 1}]'), ...access],
      ]);
      assertEquals(code, 0, stderr);
      return [JSON.parse(await Deno.readTextFile(output)), await Deno.readTextFile(`${folder}/report.html`)] as const;
    };
    const [named, itsPage] = await measure(
      "--ca-file",
      await file("c.pem", identity.certificate),
      "--tls-name",
      "gpu-box",
    );
    assertEquals([named.target.unverified, itsPage.includes("NOT CHECKED")], [undefined, false]);
    const [unchecked, page] = await measure("--insecure");
    assertEquals([unchecked.target.unverified, page.includes("NOT CHECKED")], [true, true]);
    assertEquals(formatText(parseReport(JSON.stringify(unchecked))).includes("NOT CHECKED"), true);
    const [anew, anewPage] = await measure("--insecure", "--connection-per-request");
    assertEquals([anew.target.connectionPerRequest, anewPage.includes("NEW CONNECTION")], [true, true]);
    assertEquals(runDifferences(unchecked, anew).map(({ what }) => what), ["connections"]);
  });
});

Deno.test("connectOptions() reads a generic server's description with the template beside it", async () => {
  await inFolder(async (_, file) => {
    await file("body.json", '{"items": {{inputs}}, "count": {{batch}}, "model": "{{model}}"}');
    const predict = { path: FAKE_GENERIC.predict.path, bodyTemplateFile: "body.json" };
    const description = await file("server.json", JSON.stringify({ ...FAKE_GENERIC, predict }));
    const { generic } = await options("--generic", description);
    await using server = await startFakeServer(fakeGeneric);
    const inputs = { kind: "samples", samples: [{ kind: "json", value: 1 }] } as const;
    await using target = await connect(server.url, { generic: generic!, model: "alpha", inputs });
    assertEquals(target.protocol.encode("alpha", inputs.samples).path, "/models/alpha:predict");
    const broken = await file("broken.json", "{");
    await assertRejects(() => options("--generic", broken), UsageError, "must be JSON");
    const lost = await file("lost.json", JSON.stringify({ predict: { path: "/", bodyTemplateFile: "none.json" } }));
    await assertRejects(() => options("--generic", lost), UsageError, "none.json");
    const large = await file("large.json", '{"predict": {"path": "/", "bodyTemplate": {"a": 1e400}}}');
    await assertRejects(() => options("--generic", large), UsageError, "numbers must be such that can be sent: 1e400");
    const written = '{"path": "/", "bodyTemplate": {"id": 9007199254740993}}';
    const exact = await options("--generic", await file("exact.json", `{"predict": ${written}}`));
    const { encode } = await genericProtocol(exact.generic!).bind(() => Promise.reject());
    assertEquals(textOf(encode("m", [{ kind: "text", text: "a" }]).body), '{"id":9007199254740993}');
  });
});

Deno.test("commandText() masks a proxy's password", () => {
  const text = commandText([
    "--proxy",
    `http://me:${SECRET}@p:1`,
    `--proxy=http://me:${SECRET}@p:1`,
    "--url",
    "http://h",
  ]);
  assertEquals(text, "deno task run --proxy 'http://***@p:1' '--proxy=http://***@p:1' --url http://h");
});

Deno.test("commandText() masks the values of a query", () => {
  assertEquals(
    commandText(["--query", `key=${SECRET}=`, `--query=a=${SECRET}`]),
    "deno task run --query 'key=***' '--query=a=***'",
  );
});

Deno.test("readAccess() takes a query's pairs, and refuses what is none without its value", async () => {
  assertEquals((await options("--query", "key=a b=", "--query", "key=")).query, [["key", "a b="], ["key", ""]]);
  for (const text of [SECRET, `=${SECRET}`]) {
    const parse = () => parseCommandLine(["--url", "http://h", "--query", text], () => undefined);
    const error = assertThrows(parse, UsageError, '"--query" must have a name before an =');
    assertFalse(`${error.message} ${error.hint}`.includes(SECRET));
  }
});

Deno.test("the command sends its query with every request, and shows its values nowhere", async () => {
  const asked = new Set<string>();
  await using server = await startHttpServer({
    handler: ({ url }, response) => {
      asked.add(url!);
      const bad = url!.startsWith("/bad");
      response.statusCode = bad ? 400 : 200;
      response.end(JSON.stringify(bad ? { error: `what is ${SECRET}? ${url}` } : { echo: url }));
    },
  });
  await inFolder(async (folder, file) => {
    const output = `${folder}/result.json`;
    for (const path of ["/good?x=1", "/bad"]) {
      asked.clear();
      const description = { predict: { path }, predictions: "/echo" };
      const { code, stdout, stderr } = await run([
        ...["--test-type", "basic", "--requests", "5", "--warmup", "0", "--model", "m", "--verbose"],
        ...["--url", server.url, "--query", `key=${SECRET} &`, "--output", output],
        ...["--generic", await file("server.json", JSON.stringify(description))],
        ...["--input-data", await file("items.json", '[{"a": 1}]')],
      ]);
      assertEquals(code, path === "/bad" ? 3 : 0, stderr);
      const sent = `key=${SECRET}%20%26`;
      assert(asked.has(`${path}${path === "/bad" ? "?" : "&"}${sent}`));
      assert([...asked].every((each) => each.endsWith(sent)), [...asked].join(" "));
      assertFalse((stdout + stderr + await Deno.readTextFile(output)).includes(SECRET));
    }
  });
});

Deno.test("the command measures over https through a proxy, and shows no secret of the way there", async () => {
  const { ca, issue } = await createAuthority();
  await using server = await startHttpsServer(await issue("server"), undefined, (request, response) => {
    assertEquals(request.headers.authorization, `Bearer ${SECRET}`);
    response.end(request.url === "/bad" ? "" : JSON.stringify({ echo: request.headers.authorization }));
  });
  await using proxy = await startProxy(`Basic ${btoa(`me:${SECRET}`)}`);
  await inFolder(async (folder, file) => {
    for (const path of ["/good", "/bad"]) {
      const description = { predict: { path }, predictions: path === "/good" ? "/echo" : "/nothing" };
      const output = `${folder}/result.json`;
      const { code, stdout, stderr } = await run([
        ...["--test-type", "basic", "--requests", "5", "--warmup", "0", "--model", "m", "--verbose"],
        ...["--url", server.url, "--ca-file", await file("ca.pem", ca), "--output", output],
        ...["--token-file", await file("token", SECRET), "--proxy", proxy.url.replace("//", `//me:${SECRET}@`)],
        ...["--generic", await file("server.json", JSON.stringify(description))],
        ...["--input-data", await file("items.json", '[{"a": 1}]')],
      ]);
      assertEquals(code, path === "/good" ? 0 : 3, stderr);
      const written = stdout + stderr + await Deno.readTextFile(output);
      assertNotMatch(written, new RegExp(`${SECRET}|${btoa(`me:${SECRET}`)}`));
    }
  });
  assert(proxy.asked.every((asked) => asked.startsWith("CONNECT 127.0.0.1:")));
});

Deno.test("the command names the token's options where TorchServe wants one", async () => {
  await using server = await startModelServer({ tokens: { inference: "i-secret", management: "m-secret" } });
  const { code, stderr } = await run(["--url", server.inference.url, "--test-type", "basic"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "--token-env");
  assertStringIncludes(stderr, "--token-file");
});
