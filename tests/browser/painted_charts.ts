/// <reference lib="dom" />
import type { Page } from "playwright-core";

/** How much of a chart is painted. */
export interface PaintedChart {
  readonly title: string;
  /** Share of pixels that have not the chart's ground colour, 0 to 1. */
  readonly share: number;
  /** Mean brightness of its ground, 0 to 255. */
  readonly ground: number;
}

/**
 * Looks at the pixels of every chart on a page.
 *
 * @param page The page, as its reader sees it.
 */
export async function paintedCharts(page: Page): Promise<PaintedChart[]> {
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll("svg.torchgauge")].filter((chart) => chart.checkVisibility()).map((chart) => {
      const { x, y, width, height } = chart.getBoundingClientRect();
      return { title: chart.querySelector("title")?.textContent ?? "", x, y: y + scrollY, width, height };
    })
  );
  const picture = (await page.screenshot({ fullPage: true })).toString("base64");
  const blank = await page.context().newPage();
  try {
    return await blank.evaluate(readPixels, { picture, boxes });
  } finally {
    await blank.close();
  }
}

interface Box {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Runs inside the browser, which can read PNG. */
async function readPixels(
  { picture, boxes }: { readonly picture: string; readonly boxes: readonly Box[] },
): Promise<PaintedChart[]> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  return boxes.map(({ title, x, y, width, height }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d")!;
    context.drawImage(image, -x, -y);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * (4 * canvas.width + 24)); // above the title
    let painted = 0;
    for (let at = 0; at < data.length; at += 4) {
      const distance = Math.abs(data[at]! - red) + Math.abs(data[at + 1]! - green) + Math.abs(data[at + 2]! - blue);
      if (distance > 24) painted++;
    }
    return { title, share: 4 * painted / data.length, ground: (red + green + blue) / 3 };
  });
}
