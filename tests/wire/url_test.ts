import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { parseServerUrl } from "../../src/wire/url.ts";

Deno.test("parseServerUrl() takes http and https, ports, IPv6 and base paths", () => {
  const rows = [
    ["http://127.0.0.1:8000", "http://127.0.0.1:8000", ""],
    [" HTTP://Gpu-1:80/ ", "http://gpu-1", ""],
    ["https://host/a/b//", "https://host", "/a/b"],
    ["http://[::1]:9/x", "http://[::1]:9", "/x"],
  ] as const;
  for (const [text, origin, basePath] of rows) {
    assertEquals(parseServerUrl(text), { origin, basePath, href: origin + basePath });
  }
});

Deno.test("parseServerUrl() refuses what is not the URL of a server, with a hint where a scheme is missing", () => {
  const rows = [
    ["", undefined],
    ["ftp://host", undefined],
    ["http://", undefined],
    ["http:///path", undefined],
    ["http://host:99999", undefined],
    ["file:///etc/passwd", undefined],
    ["localhost:8000", "Write http://localhost:8000."],
    ["gpu-1", "Write http://gpu-1."],
    ["http://host/?a=1", "Give what goes behind every path with query."],
    ["http://host/#a", undefined],
  ] as const;
  for (const [text, hint] of rows) {
    assertEquals(assertThrows(() => parseServerUrl(text), UsageError, "server's URL").hint, hint, text);
  }
});

Deno.test("parseServerUrl() refuses credentials without repeating them", () => {
  for (const text of ["http://me:hunter2@host", "me:hunter2@host", "ftp://me:hunter2@host", "http://me:hunter2/@@x"]) {
    const error = assertThrows(() => parseServerUrl(text), UsageError);
    assertEquals(/hunter2/.test(`${error.message} ${error.hint}`), false, error.message);
  }
});
