import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { startHttpServer, startProxy } from "../wire/http_server.ts";
import { main } from "../../src/cli/main.ts";
import { run } from "./command.ts";

const SECRET = "canary-7Qz2x9", PROXY_SECRET = "canary-of-the-proxy";
const IN_BASE64 = btoa(`me:${SECRET}`);

/** How a server may repeat what it was sent. */
const REPEATING: Readonly<Record<string, (asked: string) => [status: number, body: string, type: string]>> = {
  "as JSON": (asked) => [401, JSON.stringify({ error: `who is ${asked}?` }), "application/json"],
  "as a page": (asked) => [500, `<html>${"x".repeat(100)} ${asked.replaceAll('"', "&quot;")}</html>`, "text/html"],
  "cut in two": (asked) => [400, `${"y".repeat(199 - asked.indexOf("canary"))}${asked}`, "text/plain"],
  "in a success": (asked) => [200, JSON.stringify({ echo: 1, detail: asked }), "application/json"],
};

const WAYS: Readonly<Record<string, readonly string[]>> = {
  "--header-env": ["--header-env", "Authorization=CANARY_BASIC"],
  "--header-file": ["--header-file", "HEADERS"],
  "--query-env": ["--query-env", "token=CANARY"],
  "a description": ["--generic", "SECRET_SPEC"],
};

/** The command in this process: what it would cost in one of its own, it costs some sixty times here. */
async function runHere(argv: readonly string[], env: Readonly<Record<string, string>>) {
  let stdout = "", stderr = "";
  const console = {
    write: (text: string) => Promise.resolve(void (stdout += text)),
    error: (message: string) => void (stderr += `${message}\n`),
    draw: (text: string) => void (stderr += text),
    terminalColumns: () => 200,
    color: false,
    ascii: false,
  };
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  try {
    return { code: await main(argv, console) as number, stdout, stderr };
  } finally {
    for (const name of Object.keys(env)) Deno.env.delete(name);
  }
}

async function inFolder(body: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a secret that stands on no command line reaches the server and no output, whatever the server says", async (t) => {
  for (const [way, options] of Object.entries(WAYS)) {
    for (const [how, repeat] of Object.entries(REPEATING)) {
      await t.step(`${way}, repeated ${how}`, () =>
        inFolder(async (folder) => {
          const seen: string[] = [];
          await using server = await startHttpServer({
            handler: ({ url, headers, method }, response) => {
              const { authorization, cookie, "x-key": key } = headers;
              const asked = [url, authorization, cookie, key].filter(Boolean).join(" ");
              if (method === "POST") seen.push(asked);
              const [status, body, type] = method === "POST" ? repeat(asked) : [200, "{}", "application/json"];
              response.writeHead(status, { "content-type": type }).end(body);
            },
          });
          const plain = { predict: { path: "/predict" }, predictions: "/echo" };
          const headers = { authorization: `Bearer ${SECRET}` };
          const secret = { ...plain, predict: { path: `/predict?api_key=${SECRET}`, headers } };
          await Deno.writeTextFile(`${folder}/SPEC`, JSON.stringify(plain));
          await Deno.writeTextFile(`${folder}/SECRET_SPEC`, JSON.stringify(secret));
          await Deno.writeTextFile(`${folder}/HEADERS`, `# two\r\nX-Key: ${SECRET}\r\nCookie: a="${SECRET}"\r\n`);
          await Deno.writeTextFile(`${folder}/items.json`, '[{"a": 1}]');
          const given = [...options, ...options.includes("--generic") ? [] : ["--generic", "SPEC"]];
          const { code, stdout, stderr } = await runHere([
            ...["--test-type", "basic", "--requests", "5", "--warmup", "0", "--model", "m", "--verbose"],
            ...["--url", server.url, "--input-data", `${folder}/items.json`, "--samples", `${folder}/s.ndjson`],
            ...["--output", `${folder}/r.json`, "--report", `${folder}/r.html`],
            ...given.map((word) => /^[A-Z_]+$/.test(word) ? `${folder}/${word}` : word),
          ], { CANARY: SECRET, CANARY_BASIC: `Basic ${IN_BASE64}` });
          assertEquals(code, how === "in a success" ? 0 : 3, stderr);
          assert(seen.length >= 5 && seen.every((asked) => asked.includes(SECRET) || asked.includes(IN_BASE64)));
          const files = await Promise.all(
            ["r.json", "r.html", "s.ndjson"].map((name) => Deno.readTextFile(`${folder}/${name}`)),
          );
          const written = [stdout, stderr, ...files].join("\n");
          for (const part of ["canary-", IN_BASE64.slice(0, 8)]) assertFalse(written.includes(part), written);
        }));
    }
  }
});

Deno.test("the proxy of --proxy-env carries the requests, and nothing shows its password", async () => {
  await using server = await startHttpServer({ handler: (_, response) => response.end('{"echo": 1}') });
  await using proxy = await startProxy(`Basic ${btoa(`me:${PROXY_SECRET}`)}`);
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/spec`, JSON.stringify({ predict: { path: "/p" }, predictions: "/echo" }));
    await Deno.writeTextFile(`${folder}/items.json`, '[{"a": 1}]');
    const { code, stdout, stderr } = await run([
      ...["--test-type", "basic", "--requests", "5", "--warmup", "0", "--model", "m", "--verbose", "--format", "json"],
      ...["--url", server.url, "--proxy-env", "CANARY_PROXY"],
      ...["--generic", `${folder}/spec`, "--input-data", `${folder}/items.json`],
    ], { CANARY_PROXY: proxy.url.replace("//", `//me:${PROXY_SECRET}@`) });
    assertEquals(code, 0, stderr);
    assert(proxy.asked.length > 0);
    assertFalse((stdout + stderr).includes(PROXY_SECRET));
    assertStringIncludes(JSON.parse(stdout).command, "--proxy-env CANARY_PROXY");
  });
});

Deno.test("a mistake with a secret is told without it", async (t) => {
  await inFolder(async (folder) => {
    const bad = async (name: string, text: string) => {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      return `${folder}/${name}`;
    };
    const flaws: readonly (readonly [words: RegExp, ...args: string[]])[] = [
      [/"--header-env" names must hold it: it is not set/, "--header-env", "Authorization=UNSET"],
      [/that is no variable's name/, "--header-env", `Authorization=Bearer ${SECRET}`],
      [/must have a name before an =: found no =/, "--header-env", SECRET],
      [/another word behind it/, "--header-env", "A=Bearer", SECRET],
      [/another word behind it/, "--token-env", "Bearer", SECRET],
      [/that is no variable's name/, "--query-env", `key=${SECRET}`],
      [/that is no variable's name/, "--proxy-env", `http://me:${SECRET}@h`],
      [/URL must start with http/, "--proxy-env", "CANARY"],
      [/one of "--proxy" and "--proxy-env"/, "--proxy", `http://me:${SECRET}@h`, "--proxy-env", "CANARY"],
      [/must hold them: there is none/, "--header-file", `Authorization: Bearer ${SECRET}`],
      [/line 2 has no colon/, "--header-file", await bad("a", `A: b\n${SECRET}\n`)],
      [/line 1 has no name/, "--header-file", await bad("b", `: ${SECRET}\n`)],
      [/it has none/, "--header-file", await bad("c", "# nothing\n\n")],
      [/must be printable latin1/, "--header-file", await bad("d", `A: ${SECRET}\u20ac\n`)],
      [
        /given once: found it again in --header-file/,
        "--header",
        "a: b",
        "--header-file",
        await bad("e", `A: ${SECRET}`),
      ],
      [/given once: found it again in --header-env/, "--header", "a: b", "--header-env", "A=CANARY"],
      [/no user name or password/, "--management-url", `http://me:${SECRET}@h`],
      [
        /must hold a private key/,
        "--client-cert",
        `${folder}/f`,
        "--client-key",
        await bad("f", `-----BEGIN CERTIFICATE-----\n${SECRET}`),
      ],
    ];
    for (const [words, ...args] of flaws) {
      await t.step(`${args[0]} ${words.source}`, async () => {
        const { code, stdout, stderr } = await runHere(
          ["--url", "http://127.0.0.1:9", "--test-type", "basic", ...args],
          {
            CANARY: SECRET,
          },
        );
        assertEquals(code, 2, stderr);
        assertMatch(stderr, words);
        assertFalse((stdout + stderr).includes(SECRET), stderr);
      });
    }
  });
});
