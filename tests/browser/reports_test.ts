/// <reference lib="dom" />
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { recorded } from "../plot/gallery.ts";
import { reports } from "../report/fixtures.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { failedMeasurement } from "../results/window/windows.ts";
import { reportOf } from "../report/report_of.ts";
import { browserTest } from "./browser.ts";
import { checkPage, checkPrint } from "./check_page.ts";
import { openPage, WIDTHS } from "./open_page.ts";
import { comparisonPage } from "../report/html/comparison_page.ts";
import { abReport, capacityReport, gatedReport, hostileReport, loadReport } from "../report/html/html_fixtures.ts";

const run = recorded();
const pages: Readonly<Record<string, string>> = Object.fromEntries([
  ["comparison", comparisonPage()],
  ...Object.entries({
    ...reports,
    recorded: reportOf(run.tests, run),
    hostile: hostileReport,
    load: loadReport,
    capacity: capacityReport,
    gated: gatedReport,
    ab: abReport,
  }).map((
    [name, report],
  ) => [name, formatHtml(report)]),
]);

/** Writes a page to a file for the time of a check. */
async function withFile(html: string, check: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, html);
    await check(path);
  } finally {
    await Deno.remove(path);
  }
}

/** Between them they hold every kind of section; what the others hold is checked slowly where it is narrow and dark. */
const WITH_EVERY_SECTION = ["whole", "comparison", "load", "ab"];

for (const [name, html] of Object.entries(pages)) {
  browserTest(`the report "${name}" is whole, readable and accessible in a browser`, async (browser) => {
    const slowly = WITH_EVERY_SECTION.includes(name) ? WIDTHS : WIDTHS.slice(-1);
    await withFile(html, (path) => checkPage(browser, path, slowly));
  });
}

browserTest("a report prints on white paper with nothing cut off", async (browser) => {
  for (const name of ["whole", "gpu", "all-failed", "hostile"]) {
    await withFile(pages[name]!, (path) => checkPrint(browser, path));
  }
});

browserTest("the table of a load test shows its remarks beside it on a laptop", async (browser) => {
  await withFile(pages["load"]!, async (path) => {
    await using opened = await openPage(browser, path, 1200);
    const hidden = await opened.page.evaluate(() =>
      [...document.querySelectorAll(".scroll")].map((table) => table.scrollWidth - table.clientWidth)
    );
    assertEquals(hidden, hidden.map(() => 0));
  });
});

browserTest("a report is used by keyboard: skip link, contents, then the page in its order", async (browser) => {
  await withFile(pages["whole"]!, async (path) => {
    await using opened = await openPage(browser, path, 1280);
    const { page } = opened;
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement!;
        const { left, top } = element.getBoundingClientRect();
        return { text: (element.textContent ?? "").trim(), isSeen: left >= 0 && top >= 0 };
      });
    await page.keyboard.press("Tab");
    assertEquals(await focused(), { text: "Skip to the content", isSeen: true });
    await page.keyboard.press("Tab");
    assertEquals((await focused()).text, "What to do");
    const tops = await page.evaluate(() =>
      [...document.querySelectorAll("main a, main [tabindex='0']")].map((element) =>
        element.getBoundingClientRect().top
      )
    );
    const jumps = tops.filter((top, index) => index > 0 && top < tops[index - 1]! - 600);
    assertEquals(jumps, [], "the order of the keyboard is that of the page");
    await page.evaluate(() => (document.querySelector(".skip") as HTMLElement).focus());
    await page.keyboard.press("Enter");
    assert(await page.evaluate(() => document.activeElement?.id === "content"));
  });
});

browserTest("a report's script sorts tables, tells titles of marks and saves the results", async (browser) => {
  const marked = pages["whole"]!.replace(/(<circle [^>]*)\/>/, '$1 id="the-mark"><title>one mark</title></circle>');
  assert(marked.includes("one mark"));
  await withFile(marked, async (path) => {
    await using opened = await openPage(browser, path, 1280);
    const { page, offences } = opened;
    const table = page.locator("#throughput table").first();
    const column = async (index: number) => await table.locator(`tbody tr > :nth-child(${index})`).allTextContents();
    const before = await column(2);
    const head = table.locator("thead th").nth(1);
    await head.getByRole("button").focus();
    const orders: [string | null, string[]][] = [];
    for (let press = 0; press < 3; press++) {
      await page.keyboard.press(press === 1 ? "Space" : "Enter");
      orders.push([await head.getAttribute("aria-sort"), await column(2)]);
    }
    const rate = (text: string) => Number.parseFloat(text.replaceAll(",", ""));
    const falling = before.toSorted((a, b) => rate(b) - rate(a));
    assertEquals(orders, [["descending", falling], ["ascending", falling.toReversed()], [null, before]]);
    const mark = page.locator("#the-mark");
    const tip = page.locator(".tip", { hasText: /^one mark$/ });
    // On a busy machine a page still scrolls after a moment, which hides what it shows: then a reader moves the pointer again.
    for (let step = 0; step < 50 && !await tip.isVisible(); step++) {
      await mark.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
      const { x, y } = (await mark.boundingBox())!;
      await page.mouse.move(x + 5 + step % 2, y + 6);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    assert(await tip.isVisible());
    await page.keyboard.press("Escape");
    assert(await page.locator(".tip").isHidden());

    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("button.save").click()]);
    assertEquals(download.suggestedFilename(), "resnet18-2026-03-04T09-30-00.000Z.json");
    const saved = await Deno.readTextFile((await download.path())!);
    assertEquals(saved, formatJson(reports["whole"]!));
    assertEquals(offences, []);
  });
});

browserTest("a report's script sorts levels without a figure behind the others, whichever way", async (browser) => {
  const { levels } = throughputResult({ 1: 40, 4: 90, 8: 60 });
  const refused = { ...levels[1]!, ...failedMeasurement() };
  const throughput = throughputResult(undefined, { levels: [levels[0]!, refused, levels[2]!] });
  await withFile(formatHtml(reportOf({ throughput })), async (path) => {
    await using opened = await openPage(browser, path, 1280);
    const table = opened.page.locator("#throughput table").first();
    const orders: string[][] = [];
    for (let press = 0; press < 2; press++) {
      await table.locator("thead th").nth(1).getByRole("button").click();
      orders.push(await table.locator("tbody tr > :nth-child(2)").allTextContents());
    }
    const shown = orders.map((order) => order.map((text) => text.replace("★", "").replaceAll("\u00a0", " ").trim()));
    assertEquals(shown, [["60.0 pred/s", "40.0 pred/s", "-"], ["40.0 pred/s", "60.0 pred/s", "-"]]);
  });
});

browserTest("the words of a hostile server stay words in a report", async (browser) => {
  await withFile(pages["hostile"]!, async (path) => {
    await using opened = await openPage(browser, path, 1280);
    const { page, offences } = opened;
    assertEquals(offences, []);
    const found = await page.evaluate(() => ({
      images: document.images.length,
      scripts: document.scripts.length,
      title: document.title,
      heading: document.querySelector("h1")!.textContent,
    }));
    assertEquals([found.images, found.scripts], [0, 2], "its own script and the results, which are none");
    assertStringIncludes(found.title, "<script>");
    assertStringIncludes(found.heading!, "<img src=x onerror=alert(1)>");
  });
});
