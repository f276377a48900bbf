/** Home-made servers, as users describe them or have them described. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./command.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);

const OPENAPI = {
  openapi: "3.1.0",
  paths: {
    "/health": { get: {} },
    "/predict": {
      post: {
        requestBody: {
          content: {
            "multipart/form-data": {
              schema: {
                type: "object",
                properties: { file: { type: "string", format: "binary" }, threshold: { type: "number", default: 0.5 } },
                required: ["file"],
              },
            },
          },
        },
        responses: {
          200: {
            content: {
              "application/json": { schema: { type: "object", properties: { class_id: { type: "integer" } } } },
            },
          },
        },
      },
    },
  },
};

function isImage(bytes: Uint8Array): boolean {
  return [PNG, JPEG].some((image) => image.every((byte, i) => bytes[i] === byte));
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const refused = Response.json({ detail: "Field required" }, { status: 422 });
  if (pathname === "/openapi.json") return Response.json(OPENAPI);
  if (request.method === "GET") return Response.json({}, { status: pathname === "/health" ? 200 : 404 });
  if (pathname === "/dataurl") {
    const { image } = await request.json();
    const [head, base64] = image.split(",");
    const isRight = head === "data:image/png;base64" && isImage(Uint8Array.fromBase64(base64));
    return isRight ? Response.json({ out: [1], error: "the device is busy" }) : refused;
  }
  const form = await request.formData();
  const files = [...form.getAll("file"), ...form.getAll("files")] as File[];
  for (const file of files) {
    const wanted = isImage(await file.bytes()) && /^input(-\d+)?\.(png|jpg)$/.test(file.name);
    if (!wanted || !/^image\/(png|jpeg)$/.test(file.type)) return refused;
  }
  return files.length === 0 ? refused : Response.json({ class_id: 281, classes: files.map(() => 1) });
}

/** Runs the basic test against the server by a description. */
async function basic(predict: object, more: readonly string[] = [], spec: object = {}) {
  const folder = await Deno.makeTempDir({ prefix: "with spaces " });
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  const url = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  try {
    await Deno.writeTextFile(`${folder}/server.json`, JSON.stringify({ predict, ...spec }));
    await Deno.mkdir(`${folder}/images`);
    await Deno.writeFile(`${folder}/images/a.png`, PNG);
    await Deno.writeFile(`${folder}/images/b.jpg`, JPEG);
    const server = ["--url", url, "--generic", `${folder}/server.json`, "--input-data", `${folder}/images`];
    const { code, stdout, stderr } = await run([...server, "--test-type", "basic", "--requests", "20", ...more]);
    const [successes] = /Success Rate: [\d.]+% \(\d+ of \d+\)/.exec(stdout) ?? [""];
    return { code, successes, stdout, stderr };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const MULTIPART = { "content-type": "multipart/form-data; boundary=xyz" };
const WRITTEN = (placeholder: string) =>
  `--xyz\r\nContent-Disposition: form-data; name="file"; filename="input.png"\r\nContent-Type: image/png\r\n\r\n${placeholder}\r\n--xyz--\r\n`;

Deno.test("the command uploads images by a form, in every way that a description may say it", async () => {
  const rows: readonly (readonly [object, string[], object?])[] = [
    [{ path: "/predict", form: { file: "{{input}}", threshold: "0.5" } }, [], { predictions: "/class_id" }],
    [{ path: "/predict", form: { files: ["{{input}}"] } }, ["--batch-size", "3", "--workers", "2"], {
      predictions: "/classes",
    }],
    [{ path: "/predict", headers: MULTIPART, bodyTemplate: WRITTEN("{{bytes}}") }, ["--header", "X-Team: a"]],
    [{ path: "/predict", headers: MULTIPART, bodyTemplate: WRITTEN("{{input}}") }, []],
  ];
  for (const [predict, more, spec] of rows) {
    const { code, successes, stdout, stderr } = await basic(predict, more, spec);
    assertEquals([code, successes], [0, "Success Rate: 100.0% (20 of 20)"], stdout + stderr);
  }
});

Deno.test("the command fills in a placeholder within a string, and tells of an error that no pointer covers", async () => {
  for (const placeholder of ["{{input}}", "{{base64}}"]) {
    const { code, successes, stdout } = await basic(
      { path: "/dataurl", bodyTemplate: { image: `data:image/png;base64,${placeholder}` } },
      [],
      { predictions: "/out" },
    );
    // The JPEG counts as one as well.
    assertEquals([code, successes], [0, "Success Rate: 100.0% (20 of 20)"], stdout);
    const text = stdout.replaceAll(/\s+/g, " ");
    assertStringIncludes(text, 'has "error": the device is busy.');
    assertStringIncludes(text, 'with "error": "/error" it is one');
    assertEquals(stdout.split("\n").filter((line) => line.length > 100), []);
  }
});

Deno.test("the command refuses what cannot become a valid body before it sends anything", async () => {
  const rows: readonly (readonly [object, string[], string])[] = [
    [{ path: "/dataurl", bodyTemplate: { image: "data:{{bytes}}" } }, [], "found bytes that are no text"],
    [
      { path: "/predict", headers: MULTIPART, bodyTemplate: "--xyz\r\n\r\n{{bytes}}\r\n--xyz--\r\n" },
      [],
      "part 1 has no",
    ],
    [{ path: "/predict", form: { file: "{{input}}" } }, ["--batch-size", "2"], 'write ["{{input}}"]'],
    [{ path: "/predict", form: { file: { value: "{{input}}", name: "a" } } }, [], "predict.form"],
  ];
  for (const [predict, more, words] of rows) {
    const { code, stderr } = await basic(predict, more);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, words);
  }
});

Deno.test("--describe proposes what --generic takes at once", async () => {
  const output = await Deno.makeTempFile({ suffix: ".json" });
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  const url = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  const written = await run(["--describe", url, "--output", output]);
  assertEquals([written.code, written.stdout], [0, ""], written.stderr);
  assertStringIncludes(written.stderr, '- "file" is a file. Give some with --input-data');
  const description = JSON.parse(await Deno.readTextFile(output));
  await Deno.remove(output);
  const printed = await run(["--describe", url, "--path", "/predict", "--header", "X-Team: a"]);
  assertEquals(JSON.parse(printed.stdout), description);
  const full = await run(["--describe", url, "--output", "/dev/full"]);
  assertEquals([full.code, JSON.parse(full.stdout)], [5, description], full.stderr);
  assertStringIncludes(full.stderr, "No space left on device");
  const { predict, ...spec } = description;
  const { code, successes, stdout } = await basic(predict, [], spec);
  assertEquals([code, successes], [0, "Success Rate: 100.0% (20 of 20)"], stdout);
});

Deno.test("--describe says where to look where a server describes nothing", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => Response.json({ detail: "Not Found" }, { status: 404 }),
  );
  const { code, stderr } = await run(["--describe", `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "/openapi.json is answered with status 404");
  assertStringIncludes(stderr, "src/protocols/GENERIC.md");
});
