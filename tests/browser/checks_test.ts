/// <reference lib="dom" />
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { browserTest } from "./browser.ts";
import { chartProblems } from "./chart_problems.ts";
import { checkPage } from "./check_page.ts";
import { layoutProblems } from "./layout_problems.ts";

const chart = (inner: string) =>
  `<svg class="torchgauge" role="img" width="300" height="100"><title>T</title><desc>D</desc>` +
  `<rect width="300" height="100" fill="#fff"/>${inner}</svg>`;
const MARK = '<g data-mark="bar"><rect width="50" height="50"/></g>';

/** Pages that are wrong, and what must be said of them. */
const LAYOUTS: readonly [what: string, body: string, problem: RegExp][] = [
  [
    "text over text",
    '<p style="margin:0">one two</p><p style="margin:-1em 0 0">three</p>',
    /^overlap: "one two" and "three"/,
  ],
  [
    "text cut off",
    '<div style="width:20px;overflow:hidden;white-space:nowrap">one two three</div>',
    /^cut off: "one two/,
  ],
  ["a page that scrolls sideways", '<div style="width:2000px">wide</div>', /^the page is \d+ px wide/],
  [
    "a table that no key can scroll",
    '<div style="width:90px;overflow-x:auto;white-space:nowrap">one two three four</div>',
    /^cut off/,
  ],
  ["a label outside of its chart", chart('<text x="280" y="20">a long label</text>'), /^cut off: "a long label"/],
  [
    "labels over each other",
    chart('<text x="9" y="20">10.0</text><text x="14" y="22">20.0</text>'),
    /^overlap: "10.0"/,
  ],
];

const CHARTS: readonly [what: string, body: string, problem: RegExp][] = [
  ["a chart without marks", chart('<text y="20" fill="#000">Title</text>'), /is blank/],
  ["a chart without a description", chart(MARK).replace("<desc>D</desc>", ""), /no description/],
  [
    "an axis without a label",
    chart(`${MARK}<g data-mark="x-axis tick label"><text y="20">1</text></g>`),
    /without a label/,
  ],
  [
    "a label without a unit",
    chart(`${MARK}<g data-mark="x-axis label"><text y="20">time</text></g>`),
    /"time".* no unit/,
  ],
  ["numbers without a unit", chart(`${MARK}<g data-mark="y-axis tick label"><text y="20">10</text></g>`), /0 units/],
  ["faint text", chart(`${MARK}<text y="20" fill="#bbb">faint</text>`), /contrast of 1\.\d/],
  ["parts with names", chart('<g aria-label="bar"></g>'), /names of their own/],
];

browserTest("layoutProblems() names what is wrong, and nothing where nothing is", async (browser) => {
  const page = await browser.newPage({ viewport: { width: 600, height: 400 } });
  for (const [what, body, problem] of LAYOUTS) {
    await page.setContent(body);
    assertMatch((await page.evaluate(layoutProblems))[0] ?? "", problem, what);
  }
  const scrolls = '<div tabindex="0" style="width:90px;overflow-x:auto;white-space:nowrap">one two three four</div>';
  await page.setContent(
    `<p>one</p><p>two</p>${scrolls}${chart('<text y="20">10</text><text x="40" y="20">20</text>')}`,
  );
  assertEquals(await page.evaluate(layoutProblems), []);
});

browserTest("chartProblems() names what is wrong, and nothing where nothing is", async (browser) => {
  const page = await browser.newPage();
  for (const [what, body, problem] of CHARTS) {
    await page.setContent(body);
    assertMatch((await page.evaluate(chartProblems)).join("; "), problem, what);
  }
  await page.setContent(chart(`${MARK}<g data-mark="x-axis label"><text y="20" fill="#000">time (ms)</text></g>`));
  assertEquals(await page.evaluate(chartProblems), []);
});

browserTest("checkPage() fails for a page that fetches, complains, or cannot be read by all", async (browser) => {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  const page = (head: string, body: string) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>${head}</head>` +
    `<body><main><h1>T</h1>${body}</main></body></html>`;
  try {
    await Deno.writeTextFile(path, page("", "<p>Good.</p>"));
    await checkPage(browser, path);
    const faults: readonly [html: string, message: string][] = [
      [page("", '<img alt="" src="http://127.0.0.1:1/x.png">'), "request: http://127.0.0.1:1/x.png"],
      [page("<script>throw new Error('oops')</script>", ""), "oops"],
      [page("", '<p style="color:#bbb">faint</p>'), "color-contrast"],
    ];
    for (const [html, message] of faults) {
      await Deno.writeTextFile(path, html);
      await assertRejects(() => checkPage(browser, path), Error, message);
    }
  } finally {
    await Deno.remove(path);
  }
});
