import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import type { CellOutput } from "../../src/notebook/cell_outputs.ts";
import { failureText } from "../../src/notebook/failure_text.ts";
import { markdownHtml } from "../../src/notebook/html/markdown_html.ts";
import { notebookHtml } from "../../src/notebook/html/notebook_html.ts";
import { outputHtml } from "../../src/notebook/html/output_html.ts";
import type { NotebookRun } from "../../src/notebook/run_notebook.ts";

const display = (data: Record<string, unknown>): CellOutput => ({ kind: "display", data, displayId: null });

Deno.test("outputHtml() shows the richest type that a page can show by itself", () => {
  const cases: readonly [output: CellOutput, html: string][] = [
    [display({ "text/plain": "p", "text/html": "<b>h</b>" }), '<div class="shown"><b>h</b></div>\n'],
    [display({ "text/html": ["<b>", "h</b>"] }), '<div class="shown"><b>h</b></div>\n'],
    [display({ "image/svg+xml": "<svg></svg>", "text/plain": "p" }), '<div class="shown"><svg></svg></div>\n'],
    [display({ "image/png": "AA\n==" }), '<div class="shown"><img alt="" src="data:image/png;base64,AA=="></div>\n'],
    [
      display({ "text/markdown": "**m**", "text/plain": "p" }),
      '<div class="shown"><p><strong>m</strong></p>\n</div>\n',
    ],
    [display({ "application/json": { a: 1 } }), '<pre class="value" tabindex="0">{\n  &quot;a&quot;: 1\n}</pre>\n'],
    [display({ "application/x-unknown": 1 }), ""],
    [
      { kind: "text", stream: "stderr", text: "10 %\r50 %\r100 %\r\n\x1b[31mred\x1b[0m\n" },
      '<pre class="stderr" tabindex="0">100 %\nred</pre>\n',
    ],
    [
      { kind: "error", error: { name: "E", message: "<m>", traceback: [] } },
      '<pre class="error" tabindex="0">E: &lt;m&gt;</pre>\n',
    ],
    [
      { kind: "error", error: { name: "E", message: "m", traceback: ["\x1b[1mE: m", "    at x"] } },
      '<pre class="error" tabindex="0">E: m\n    at x</pre>\n',
    ],
  ];
  for (const [output, html] of cases) assertEquals(outputHtml(output), html);
});

Deno.test("markdownHtml() leads to rendered notebooks, marks code and runs nothing", () => {
  assertStringIncludes(markdownHtml("[a](b.ipynb) [c](https://x.y/z.ipynb)"), '<a href="b.html">a</a>');
  assertStringIncludes(markdownHtml("```ts\nconst a = 1;\n```"), '<span class="hljs-keyword">const</span>');
  assertStringIncludes(markdownHtml("```\n<b>\n```"), "&lt;b&gt;");
  assertEquals(
    markdownHtml('1 <b onclick="x()">2</b> [3](javascript:x()) <script>x()</script>'),
    "<p>1 <b>2</b> <a>3</a> </p>\n",
  );
});

const RUN: NotebookRun = {
  startedAt: "2026-01-02T03:04:05.678Z",
  durationMs: 12_345,
  failure: {
    cell: 2,
    firstLine: "throw <b>",
    execution: { kind: "failed", error: { name: "Error", message: "boom & <i>", traceback: [] } },
  },
  cells: [
    { kind: "markdown", source: "# A `title` & more" },
    {
      kind: "code",
      number: 1,
      source: "1 < 2",
      state: "passed",
      durationMs: 1,
      outputs: [display({ "text/plain": "true" })],
    },
    { kind: "code", number: 2, source: "throw <b>", state: "failed", durationMs: 1, outputs: [] },
    { kind: "code", number: 3, source: "never", state: "not run", durationMs: 0, outputs: [] },
  ],
};

Deno.test("notebookHtml() gives one page without scripts and references that says what failed", () => {
  const html = notebookHtml(RUN, { name: "02_x", parameters: { MODEL: '"<m>"' } });
  assertStringIncludes(html, "<title>A title &amp; more</title>");
  assertStringIncludes(html, "<span>02_x</span> <span>run 2026-01-02 03:04 UTC</span> <span>12.3 s</span>");
  assertStringIncludes(html, "<span>MODEL=&quot;&lt;m&gt;&quot;</span>");
  assertStringIncludes(html, "default-src 'none'");
  assertStringIncludes(
    html,
    '<a href="#cell-2">This run failed.</a> Code cell 2 (&quot;throw &lt;b&gt;&quot;) failed with',
  );
  assertEquals([...html.matchAll(/<p class="state">(.*)<\/p>/g)].map(([, text]) => text), [
    "Cell 2: failed",
    "Cell 3: not run",
  ]);
  assertFalse(/<script|<link|src="(?!data:)|href="(?!#)/.test(html));
});

Deno.test("notebookHtml() does not speak of a failure when there is none", () => {
  const html = notebookHtml({ ...RUN, cells: RUN.cells.slice(0, 2), failure: null }, { name: "x", parameters: {} });
  assertFalse(html.includes("run failed"));
});

Deno.test("notebookHtml() keeps a contrast of at least 4.5 to 1, light and dark", () => {
  const html = notebookHtml(RUN, { name: "x", parameters: {} });
  const schemes = [...html.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) =>
    Object.fromEntries([...body!.matchAll(/--([\w-]+): (#[0-9a-f]{3,6})/g)].map(([, name, color]) => [name, color]))
  );
  assertEquals(schemes.length, 3);
  for (const colors of schemes) {
    for (
      const [ink, grounds] of [
        ["ink", ["page", "ground"]],
        ["quiet", ["page", "ground"]],
        ["link", ["page"]],
        ["bad", ["page", "bad-ground"]],
        ["keyword", ["ground"]],
        ["string", ["ground"]],
        ["number", ["ground"]],
        ["comment", ["ground"]],
      ] as const
    ) {
      for (const ground of grounds) {
        const ratio = contrast(colors[ink]!, colors[ground]!);
        assert(ratio >= 4.5, `${ink} ${colors[ink]} on ${ground} ${colors[ground]}: ${ratio.toFixed(2)}`);
      }
    }
  }
});

/** By WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const full = color.length === 4 ? color.replace(/[0-9a-f]/g, "$&$&") : color;
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = parseInt(full.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

Deno.test("failureText() names the cell and its first line, whatever happened", () => {
  const text = (execution: Parameters<typeof failureText>[0]["execution"]) =>
    failureText({ cell: 3, firstLine: "await x();", execution });
  assertEquals(
    text({ kind: "kernel-ended", code: 7, errorText: 'Warning "deno jupyter" is unstable' }),
    'Code cell 3 ("await x();") ended the kernel with exit code 7; nothing after it could run.',
  );
  assertMatch(
    text({ kind: "kernel-ended", code: 137, errorText: "fatal: out of memory" }),
    /last words: fatal: out of/,
  );
  assertEquals(text({ kind: "interrupted" }), 'Code cell 3 ("await x();") was interrupted.');
  assertEquals(
    text({ kind: "failed", error: { name: "RangeError", message: "\x1b[31mdeep\x1b[0m", traceback: [] } }),
    'Code cell 3 ("await x();") failed with RangeError: deep',
  );
});
