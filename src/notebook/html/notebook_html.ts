import { escapeHtml } from "./escape_html.ts";
import { codeHtml } from "./code_html.ts";
import { failureText } from "../failure_text.ts";
import { markdownHtml } from "./markdown_html.ts";
import { NOTEBOOK_STYLE } from "./notebook_style.ts";
import { outputHtml } from "./output_html.ts";
import type { CellRun, NotebookRun } from "../run_notebook.ts";

/** What a rendered notebook says of itself. */
export interface NotebookPageOptions {
  /** Name of the notebook: `02_cold_start`. */
  readonly name: string;
  /** Parameters that it was given, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether code is shown; that of a cell which failed always is. @default {true} */
  readonly code?: boolean;
}

/** Whatever outputs hold, a browser runs no script and fetches nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A notebook after its run as one HTML file that needs no script and no network: text, code and outputs, for light and
 * dark screens and for paper.
 *
 * @param run What ran.
 * @param options Its name and parameters.
 * @returns The page.
 */
export function notebookHtml(run: NotebookRun, { name, parameters, code = true }: NotebookPageOptions): string {
  const given = Object.entries(parameters).map(([key, value]) => `${key}=${value}`).join(" ");
  const facts = [
    name,
    `run ${run.startedAt.slice(0, 16).replace("T", " ")} UTC`,
    `${(run.durationMs / 1000).toFixed(1)} s`,
    ...(given === "" ? [] : [given]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(run) ?? name)}</title>
<style>${NOTEBOOK_STYLE}</style>
</head>
<body>
<header>${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join(" ")}</header>
<main>
${failureHtml(run)}${run.cells.map((cell) => cellHtml(cell, code)).join("")}</main>
</body>
</html>
`;
}

function failureHtml({ failure }: NotebookRun): string {
  if (failure === null) return "";
  return `<p class="failure" role="alert"><a href="#cell-${failure.cell}">This run failed.</a> ${
    escapeHtml(failureText(failure))
  }</p>\n`;
}

function cellHtml(cell: CellRun, code: boolean): string {
  if (cell.kind === "markdown") return `<section class="text">\n${markdownHtml(cell.source)}</section>\n`;
  const { number, state, source, outputs } = cell;
  const label = state === "passed" ? "" : `<p class="state">Cell ${number}: ${state}</p>\n`;
  return `<section class="cell ${state.replace(" ", "-")}" id="cell-${number}" aria-label="Code cell ${number}">\n` +
    `${label}${code || state === "failed" ? codeHtml(source) : ""}${outputs.map(outputHtml).join("")}</section>\n`;
}

/** The first heading. */
function titleOf({ cells }: NotebookRun): string | null {
  for (const { kind, source } of cells) {
    const heading = kind === "markdown" ? /^#\s+(.+)$/m.exec(source)?.[1] : undefined;
    if (heading !== undefined) return heading.replace(/[*_`]/g, "");
  }
  return null;
}
