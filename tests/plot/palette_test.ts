import { assert } from "@std/assert";
import { COLORS, darkened, SERIES_COLORS } from "../../src/plot/kit/palette.ts";

type Rgb = [number, number, number];

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Contrast by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Red-blind and green-blind sight (G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, 2009, severity 1). */
const SIGHTS: Record<string, [Rgb, Rgb, Rgb]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

/** Distance in OKLab (B. Ottosson, 2020); 0.02 is just noticeable. */
function distance(a: string, b: string, sight: [Rgb, Rgb, Rgb]): number {
  const [p, q] = [a, b].map((hex) => oklab(sight.map((row) => dot(row, linear(hex))) as Rgb));
  return Math.hypot(p![0] - q![0], p![1] - q![1], p![2] - q![2]);
}

const dot = (a: Rgb, b: Rgb) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function oklab(rgb: Rgb): Rgb {
  const lms = ([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ] as Rgb[]).map((row) => Math.cbrt(Math.max(0, dot(row, rgb)))) as Rgb;
  return ([
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ] as Rgb[]).map((row) => dot(row, lms)) as Rgb;
}

const themed = (color: string) => [[color, COLORS.background], [darkened(color), darkened(COLORS.background)]] as const;

Deno.test("text stands out from its background by 4.5 : 1, light and dark", () => {
  for (const color of [COLORS.ink, COLORS.muted, ...SERIES_COLORS]) {
    for (const [text, background] of themed(color)) {
      assert(contrast(text, background) >= 4.5, `${text} on ${background}: ${contrast(text, background)}`);
    }
  }
});

Deno.test("marks stand out from their background by 3 : 1, light and dark", () => {
  for (const color of [...SERIES_COLORS, COLORS.neutral]) {
    for (const [mark, background] of themed(color)) {
      assert(contrast(mark, background) >= 3, `${mark} on ${background}: ${contrast(mark, background)}`);
    }
  }
});

Deno.test("series are told apart also by the colour-blind, light and dark", () => {
  for (const [sightName, sight] of Object.entries(SIGHTS)) {
    for (const theme of [SERIES_COLORS, SERIES_COLORS.map(darkened)]) {
      theme.forEach((a, i) => {
        theme.slice(0, i).forEach((b) => {
          // The first four carry all single charts; eight are a crowd, which labels tell apart as well.
          const wanted = i < 4 ? 0.09 : 0.055;
          assert(distance(a, b, sight) >= wanted, `${a} and ${b}, ${sightName}: ${distance(a, b, sight).toFixed(3)}`);
        });
      });
    }
  }
});
