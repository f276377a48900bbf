/** How a chart is coloured: `auto` follows the page that it stands in. */
export type Theme = "auto" | "light" | "dark";

/** A colour on white and its counterpart on a dark page. */
interface ColorPair {
  readonly light: string;
  readonly dark: string;
}

/**
 * Every colour that charts are drawn in. The first hues follow M. Okabe and K. Ito, "Color Universal Design" (2008); the
 * others were searched so that all eight differ most for usual, red-blind and green-blind sight. Each stands out from its
 * background by 4.5 : 1 (WCAG 2.2), for series are named in their colour; signs without words by 3 : 1.
 */
const PAIRS = {
  background: { light: "#ffffff", dark: "#14181d" },
  ink: { light: "#1f2328", dark: "#e6e9ec" },
  muted: { light: "#57606a", dark: "#a3adb8" },
  grid: { light: "#dfe3e8", dark: "#343c45" },
  shade: { light: "#f0f2f5", dark: "#20262d" },
  highlight: { light: "#fdf0c4", dark: "#453a12" },
  gold: { light: "#f5b800", dark: "#f7c93e" },
  neutral: { light: "#8b949e", dark: "#7d8792" },
  blue: { light: "#0067a8", dark: "#5cb3ec" },
  vermillion: { light: "#c24a00", dark: "#ff9457" },
  green: { light: "#00805e", dark: "#33c79b" },
  purple: { light: "#592767", dark: "#9e80ae" },
  ochre: { light: "#694903", dark: "#efcc62" },
  sky: { light: "#255b7a", dark: "#1b8ae2" },
  rust: { light: "#612821", dark: "#da5c84" },
  slate: { light: "#2f3195", dark: "#d3bef8" },
} as const satisfies Record<string, ColorPair>;

/** Colours by role or hue, as they are on white; {@linkcode darkened} and {@linkcode THEME_STYLE} turn them dark. */
export const COLORS: Readonly<Record<keyof typeof PAIRS, string>> = Object.fromEntries(
  Object.entries(PAIRS).map(([name, { light }]) => [name, light]),
) as Record<keyof typeof PAIRS, string>;

/** Colours of results that are compared, in the order in which they are given out. */
export const SERIES_COLORS: readonly string[] = [
  COLORS.blue,
  COLORS.vermillion,
  COLORS.green,
  COLORS.purple,
  COLORS.ochre,
  COLORS.sky,
  COLORS.rust,
  COLORS.slate,
];

const DARK_OF: ReadonlyMap<string, string> = new Map(Object.values(PAIRS).map(({ light, dark }) => [light, dark]));

/**
 * An SVG drawn for white, recoloured for a dark page.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { darkened } from "./palette.ts";
 * assertEquals(darkened('<rect fill="#ffffff"/>'), '<rect fill="#14181d"/>');
 * ```
 *
 * @param svg Markup whose colours are of {@linkcode COLORS}; others are left as they are.
 */
export function darkened(svg: string): string {
  return svg.replace(/#[0-9a-f]{6}\b/g, (color) => DARK_OF.get(color) ?? color);
}

/**
 * Style that lets a chart drawn for white follow the colour scheme of its page: the one that the page declares, a
 * notebook's theme, or for a file of its own the reader's preference. Readers of SVG that know no `light-dark()` skip it
 * and show the chart on white, as does print.
 */
export const THEME_STYLE: string = "@supports (color:light-dark(#fff,#000)){" +
  ":root.torchgauge{color-scheme:light dark}" +
  ':is([data-jp-theme-light="false"],.vscode-dark,[data-theme="dark"]) .torchgauge{color-scheme:dark}' +
  ':is([data-jp-theme-light="true"],.vscode-light,[data-theme="light"]) .torchgauge{color-scheme:light}' +
  "@media print{.torchgauge.torchgauge{color-scheme:light}}" +
  Object.values(PAIRS).map(({ light, dark }) =>
    ["fill", "stroke"].map((paint) => `.torchgauge [${paint}="${light}"]{${paint}:light-dark(${light},${dark})}`).join(
      "",
    )
  ).join("") + "}";
