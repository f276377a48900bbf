import { escapeXml } from "../../plot/kit/escape_xml.ts";
import { THEME_STYLE } from "../../plot/kit/palette.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_SOURCE } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** A part of the page that its contents lead to. */
export interface PageSection {
  /** Where links lead. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** What stands below it. */
  readonly html: string;
}

/** What a page is made of. */
export interface PageContent {
  /** Name of the browser's window. */
  readonly title: string;
  /** The head of the page, its first heading in it. */
  readonly header: string;
  /** Parts in their order. */
  readonly sections: readonly PageSection[];
  /** Last line. */
  readonly footer: string;
  /** The results as an element that shows nothing. @default {none} */
  readonly results?: string;
}

/** Whatever a report holds, a browser runs no script but the page's own and fetches nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
  `script-src ${PAGE_SCRIPT_SOURCE}`;

/** Characters that show nothing but may turn the order of others round, whoever put them into a name. */
const UNPRINTABLE = /[^\P{C}\n]+/gu;

/**
 * One HTML file that needs no network, and whose script only adds to it, for light and dark screens, phones, paper and screen readers.
 *
 * @param content What stands on it; its texts are HTML already, but for titles.
 */
export function pageHtml({ title, header, sections, footer, results = "" }: PageContent): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escapeXml(title)}</a></li>`);
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}${THEME_STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
${header}</header>
<nav aria-label="Contents"><ul>${links.join("\n")}</ul></nav>
<main id="content" tabindex="-1">
${sections.map(sectionHtml).join("")}</main>
<footer>${footer}</footer>
${results}
`;
  return `${page.replace(UNPRINTABLE, " ")}<script>${PAGE_SCRIPT}</script>\n</body>\n</html>\n`;
}

function sectionHtml({ id, title, html }: PageSection): string {
  return `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${escapeXml(title)}</h2>\n` +
    `${html}</section>\n`;
}
