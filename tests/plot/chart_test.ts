import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import type { TestResult } from "../../src/results/result.ts";
import { picturesAsFigures } from "../../src/plot/kit/chart_image.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { plotMemory } from "../../src/plot/memory.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { unusedGpuResult } from "../results/kinds/memory_result.ts";
import { recorded } from "./gallery.ts";
import { basic, scalability, throughput } from "./synthetic.ts";
import { shownBy } from "./shown_by.ts";
import { memory } from "./synthetic_memory.ts";
import { MB, memoryResult } from "../results/kinds/memory_result.ts";

const result = throughput();

Deno.test("svg is a standalone document and the same each time", () => {
  const { svg } = plotThroughput(result);
  assertMatch(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*role="img"/);
  assertEquals(svg, plotThroughput(result).svg);
});

Deno.test("the theme auto follows the page, dark and light are fixed", () => {
  const auto = plotThroughput(result).svg;
  assertStringIncludes(auto, "light-dark(#ffffff,#14181d)");
  const light = plotThroughput(result, { theme: "light" }).svg, dark = plotThroughput(result, { theme: "dark" }).svg;
  assertNotMatch(light + dark, /<style>/);
  assertStringIncludes(light, 'fill="#ffffff"');
  assertNotMatch(dark, /#ffffff|#1f2328/);
});

Deno.test("every painted element below the root can be recoloured: none inherits a colour from outside", () => {
  const { svg } = plotThroughput(result, { theme: "dark" });
  assertNotMatch(svg.slice(0, svg.indexOf(">")), /fill=/);
  assertStringIncludes(svg, '<g text-anchor="middle" fill="#e6e9ec">');
});

Deno.test("options are passed through: titles, scales, marks, and size of the first panel", () => {
  const chart = plotThroughput(result, {
    title: "ResNet-50 on an A10",
    caption: "Driver 550.",
    width: 800,
    height: 333,
    y: { domain: [0, 5000] },
    x: { label: "images in a request" },
  });
  const { svg } = chart;
  assertEquals(chart.title, "ResNet-50 on an A10");
  assertStringIncludes(chart.description, "Driver 550.");
  assertMatch(svg, / width="800" /);
  assertStringIncludes(svg, ">5000<");
  assertStringIncludes(svg, "images in a request");
  assertEquals(svg.match(/>batch size →</g)?.length, 1, "the lower panel keeps its own label");
});

Deno.test("svgAt() composes anew, so that text keeps its size on a phone", () => {
  const { html } = plotThroughput(result);
  assertMatch(html, /torchgauge-wide.*width="640".*torchgauge-narrow.*width="360"/s);
  assertNotMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/);
});

const decoded = (base64: string) => new TextDecoder().decode(Uint8Array.fromBase64(base64));

Deno.test("a chart shows itself in a notebook as a picture on white with its description, and as PNG", async () => {
  const chart = plotThroughput(result);
  const shown = await shownBy(chart);
  assertEquals(Object.keys(shown), ["text/html", "image/png", "text/plain"]);
  assertStringIncludes(shown["text/plain"]!, "Batch 32 is the smallest that reaches the best");
  const html = shown["text/html"]!;
  assertNotMatch(html, /<svg|<style|<script/);
  const image = /<img alt="([^"]+)" width="100%" style="max-width:800px" src="data:image\/svg\+xml;base64,([^"]+)">/
    .exec(html)!;
  assertEquals(image[1], shown["text/plain"]!.replaceAll('"', "&quot;"));
  assertEquals(decoded(image[2]!), plotThroughput(result, { theme: "light" }).svg);
  assertEquals([...Uint8Array.fromBase64(shown["image/png"]!)], [...await chart.png()]);
  const dark = (await shownBy(plotThroughput(result, { theme: "dark" })))["text/html"]!;
  assertStringIncludes(decoded(/src="[^,]+,([^"]+)"/.exec(dark)![1]!), 'fill="#14181d"');
});

Deno.test("picturesAsFigures() gives what a chart gives a page, and leaves other pictures", async () => {
  const chart = plotThroughput(result);
  const html = (await shownBy(chart))["text/html"]!;
  assertEquals(picturesAsFigures(`<p>1</p>${html}${html}`), `<p>1</p>${chart.html}${chart.html}`);
  const others =
    '<picture><source srcset="a.png"><img src="b.png"></picture><img src="data:image/svg+xml;base64,AAAA">';
  assertEquals(picturesAsFigures(others), others);
  const fixed = (await shownBy(plotThroughput(result, { theme: "light" })))["text/html"]!;
  assertEquals(picturesAsFigures(fixed), fixed);
});

Deno.test("png() gives a picture at the scale that is asked for", async () => {
  const bytes = await plotThroughput(result).png({ scale: 1 });
  assertEquals([...bytes.slice(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  const width = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16);
  assertEquals(width, 640);
});

Deno.test("names from outside are text, never markup", () => {
  const hostile = '</title><script>alert("1")</script>&\u0007';
  const { svg } = plotComparison({ [hostile]: basic({ n: 50 }), "b": basic({ n: 60 }) });
  assertNotMatch(svg, /<script/);
  const run = recorded();
  const { html } = plotOverview({ ...run, target: { ...run.target, model: hostile }, warnings: [hostile] });
  assertNotMatch(html, /<script/);
  assertEquals(html.includes("\u0007"), false, "XML has no control characters");
});

Deno.test("plotMemory() draws no footprint that the result does not tell", () => {
  const known = memory();
  assertMatch(plotMemory(known).svg, /, footprint/);
  const refused = { ...known, modelFootprintBytes: null, gpu: { ...known.gpu!, modelFootprintBytes: null } };
  assertNotMatch(plotMemory(refused).svg, /, footprint/);
});

Deno.test("plotComparison() says what it leaves out", () => {
  const mixed = { a: scalability(), b: memory(), c: scalability() } as Record<string, TestResult>;
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`m${k}`, throughput({ capacity: 500 + k })]));
  assertStringIncludes(plotComparison(mixed).description, "Left out, as they are of another test: b.");
  assertStringIncludes(plotComparison(many).description, "Left out, as a chart holds 8: m8, m9.");
});

Deno.test("charts of servers that use no GPU, on a machine that has one, show host memory alone", () => {
  const unused = unusedGpuResult();
  const { svg, description } = plotMemory(unused);
  assertNotMatch(svg, />GPU memory</);
  assertStringIncludes(description, "GPU memory: not measured (the server uses no GPU).");
  assertNotMatch(plotComparison({ a: unused, b: unused }).svg, />Peak of the GPU</);
});

Deno.test("a chart tells of partial results, of a limited client, and of what was not measured", () => {
  const { description } = plotMemory({ ...memory({ gpu: false }), partial: "interrupted" });
  assertStringIncludes(description, "Partial: the run was interrupted.");
  assertStringIncludes(description, "GPU memory: not measured (nvidia-smi was not found on PATH).");
  const limited = plotThroughput({ ...result, client: { ...result.client, limited: true } });
  assertStringIncludes(limited.description, "The client, not the server, may have set these numbers.");
});

Deno.test("no drawing library is evaluated before a chart is drawn", async () => {
  for await (const path of modulesOf(new URL("../../src/plot/", import.meta.url))) {
    const source = await Deno.readTextFile(path);
    const eager = source.match(/^import (?!type |defer )[^;]*"(?:@observablehq\/plot|linkedom|@resvg\/resvg-js)"/gm);
    assert(eager === null, `${path.pathname}: ${eager}`);
  }
});

async function* modulesOf(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* modulesOf(new URL(`${name}/`, folder));
    else yield new URL(name, folder);
  }
}

/** What the marks of the baseline say, without repeats. */
function toldOf(result: Parameters<typeof plotMemory>[0]): string[] {
  const svg = plotMemory(result).svg.replaceAll(/&#160;|\u00a0/g, " ");
  return [...new Set([...svg.matchAll(/<title>(baseline [^<]*)<\/title>/g)].map(([, title]) => title!))];
}

Deno.test("plotMemory() tells the footprint of the result, whatever the phases differ by", () => {
  assertEquals(toldOf(memoryResult()), ["baseline 143.2 MiB, footprint 58.5 MiB"]);
  const { gpu } = memoryResult(true);
  // The allocator gave out more than the process grew by: it had kept memory.
  assertEquals(toldOf(memoryResult(true, { gpu: { ...gpu!, modelFootprintBytes: 950 * MB } })), [
    "baseline 412.0 MiB, footprint 950.0 MiB",
    "baseline 143.2 MiB, footprint 58.5 MiB",
  ]);
});

Deno.test("plotMemory() draws no footprint where none is known, or none that noise does not explain", () => {
  const unknown = memoryResult(false, { modelFootprintBytes: null });
  assertEquals(toldOf(unknown), ["baseline 143.2 MiB"]);
  const none = memoryResult(false, { modelFootprintBytes: -0.4 * MB });
  assertEquals(toldOf(none), ["baseline 143.2 MiB, footprint within the noise of nothing"]);
  const band = /<rect[^>]*>\s*<title>baseline/;
  assertMatch(plotMemory(memoryResult()).svg, band);
  for (const result of [unknown, none]) assertNotMatch(plotMemory(result).svg, band);
});
