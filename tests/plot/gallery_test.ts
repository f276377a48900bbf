import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Resvg } from "@resvg/resvg-js";
import { galleryCharts, snapshotOf } from "./gallery.ts";

const UPDATE = "deno task dev:gallery --update";

Deno.test("every chart of the gallery is drawn as its snapshot says", async (t) => {
  const names = new Set<string>();
  for (const { name, chart } of galleryCharts()) {
    names.add(`${name}.svg`);
    await t.step(name, async () => {
      const snapshot = await Deno.readTextFile(new URL(`./snapshots/${name}.svg`, import.meta.url));
      assert(snapshotOf(chart) === snapshot, `${name} has changed: look at it, then ${UPDATE}`);
    });
  }
  await t.step("and no snapshot is left over", async () => {
    const kept = await Array.fromAsync(Deno.readDir(new URL("./snapshots/", import.meta.url)), ({ name }) => name);
    assertEquals(kept.filter((name) => !names.has(name)), []);
  });
});

Deno.test("every chart of the gallery is well-formed, named, and free of numbers that are none", async (t) => {
  for (const { name, chart } of galleryCharts()) {
    await t.step(name, () => {
      for (const [svg, width] of [[chart.svg, 640], [chart.svgAt(360), 360]] as const) {
        const drawn = new Resvg(svg); // refuses what is not well-formed XML
        assertEquals(drawn.width, width);
        assertStringIncludes(svg, `<title>${chart.title}</title><desc>`);
        assert(chart.description.length > 20, chart.description);
        const wrong = /NaN|undefined|Infinity|currentColor|var\(|\[object|null(?!a)/.exec(
          svg.replace(/<style>.*?<\/style>/, ""),
        );
        assertEquals(wrong?.[0], undefined);
        for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) assert(Number(size) >= 11, `text of ${size} px`);
      }
    });
  }
});

Deno.test("charts of a million requests and of thousands of samples stay small", () => {
  for (const { name, chart } of galleryCharts()) assert(chart.html.length < 250_000, `${name}: ${chart.html.length}`);
});
