/// <reference lib="dom" />
import { assert, assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chartProblems } from "./chart_problems.ts";
import { layoutProblems } from "./layout_problems.ts";
import { openPage, SCHEMES, WIDTHS } from "./open_page.ts";
import { paintedCharts } from "./painted_charts.ts";

/**
 * Opens a file at every width and in every colour scheme and fails at the first that a reader could not use.
 *
 * @param browser A real one.
 * @param path Of the file.
 * @param slowly The widths at which the checks that take seconds are made as well: accessibility, and what is painted.
 */
export async function checkPage(browser: Browser, path: string, slowly: readonly number[] = WIDTHS): Promise<void> {
  for (const width of WIDTHS) {
    await using opened = await openPage(browser, path, width);
    const { page, offences } = opened;
    assertEquals(await page.evaluate(layoutProblems), [], `layout at ${width} px`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      assertEquals(await page.evaluate(chartProblems), [], `charts at ${width} px, ${colorScheme}`);
    }
    assertEquals(offences, [], `at ${width} px`);
    if (!slowly.includes(width)) continue;
    // Light on a laptop, dark on a phone.
    await page.emulateMedia({ colorScheme: width === WIDTHS[0] ? "light" : "dark" });
    assertEquals(await accessibilityProblems(page), [], `accessibility at ${width} px`);
    for (const { title, share, ground } of await paintedCharts(page)) {
      assertGreater(share, 0.01, `"${title}" is blank at ${width} px`);
      if (width === WIDTHS[0]) assertGreater(ground, 200, `"${title}" is dark on a light page`);
      else assertLess(ground, 60, `"${title}" is light on a dark page`);
    }
    assertEquals(offences, [], `at ${width} px`);
  }
}

/**
 * Violations of WCAG 2.2 A and AA and of axe's best practices, one line each. A chart is one thing with one name here;
 * what stands in it is `chartProblems`'s.
 */
async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({ exclude: ["svg > *"] }, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    });
    return violations.map(({ id, impact, help, nodes }) =>
      `${impact}: ${id}, ${help}: ${nodes[0]?.html.slice(0, 200)}`
    );
  });
}

/**
 * Prints a page as A4 and fails where something is lost.
 *
 * @param browser A real one.
 * @param path Of the file.
 */
export async function checkPrint(browser: Browser, path: string): Promise<void> {
  await using opened = await openPage(browser, path, 688); // A4 less its margins
  const { page } = opened;
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assertEquals(await page.evaluate(layoutProblems), [], "on paper");
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert(/^rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)$/.test(ground), `paper is white, not ${ground}`);
  for (const { title, share, ground } of await paintedCharts(page)) {
    assertGreater(share, 0.01, `"${title}" is blank on paper`);
    assertGreater(ground, 200, `"${title}" is dark on paper`);
  }
  const height = await page.evaluate(() => document.body.scrollHeight);
  const printed = new TextDecoder("latin1").decode(await page.pdf({ format: "A4", preferCSSPageSize: true }));
  const sheets = printed.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assertLessOrEqual(
    sheets,
    1 + height / (LEAST_FILLED * PAPER_HEIGHT),
    `${height} px on ${sheets} pages: some are nearly empty`,
  );
}

/** Height of A4 less its margins, px. */
const PAPER_HEIGHT = 1016;
/** Pages are filled to this part on the average, the last one apart. */
const LEAST_FILLED = 0.78;
