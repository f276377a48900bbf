/**
 * Draws every chart from recorded and made-up results into one folder to look at: an SVG each, and a page with all of
 * them. `deno task dev:gallery [FOLDER]`, default `reports/gallery`; `--update` writes the snapshots instead that
 * the tests compare.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { escapeXml } from "../src/plot/kit/escape_xml.ts";
import { galleryCharts, snapshotOf } from "../tests/plot/gallery.ts";

const SNAPSHOTS = "tests/plot/snapshots";

if (import.meta.main) {
  const { _: [folder = "reports/gallery"], update } = parseArgs(Deno.args, { boolean: ["update"] });
  const exhibits = galleryCharts();
  const target = update ? SNAPSHOTS : String(folder);
  await Deno.mkdir(target, { recursive: true });
  for (const { name, chart } of exhibits) {
    await Deno.writeTextFile(`${target}/${name}.svg`, update ? snapshotOf(chart) : chart.svg);
  }
  if (!update) {
    const charts = exhibits.map(({ name, chart }) => `<section><h2>${escapeXml(name)}</h2>${chart.html}</section>`);
    await Deno.writeTextFile(
      `${target}/index.html`,
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts of torchgauge</title>' +
        '<meta name="viewport" content="width=device-width,initial-scale=1"><style>:root{color-scheme:light dark}' +
        "body{font:13px system-ui,sans-serif;margin:15px}h2{font-size:13px}" +
        "main{display:flex;flex-wrap:wrap;gap:20px}</style></head>" +
        `<body><main>${charts.join("")}</main></body></html>\n`,
    );
  }
  // deno-lint-ignore no-console -- this is a command
  console.log(`${exhibits.length} charts in ${target}`);
}
