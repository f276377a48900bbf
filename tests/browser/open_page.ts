import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";

/** Widths that pages are made for, px: a laptop and a phone. */
export const WIDTHS = [1280, 390] as const;
/** Colour schemes that pages follow. */
export const SCHEMES = ["light", "dark"] as const;

/** An open page, and what it did that no page may. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors on the console, and requests for anything but the file itself. */
  readonly offences: string[];
}

/**
 * Opens a file as a reader would.
 *
 * @param browser A real one.
 * @param path Of the file.
 * @param width Of the window, px.
 */
export async function openPage(browser: Browser, path: string, width: number): Promise<OpenPage> {
  const url = pathToFileURL(path).href;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  const offences: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") offences.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => offences.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) offences.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, offences, [Symbol.asyncDispose]: () => context.close() };
}
