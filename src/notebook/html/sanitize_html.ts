// @ts-types="@types/sanitize-html"
import sanitize from "sanitize-html";

const HTML_TAGS =
  "a abbr address article aside b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption " +
  "figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark meter nav ol p pre progress q s samp section " +
  "small span strong style sub summary sup table tbody td tfoot th thead time tr u ul var wbr";
/** Of SVG, what draws; not what animates, embeds foreign content or runs code. */
const SVG_TAGS =
  "circle clipPath defs desc ellipse feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode " +
  "feOffset filter g image line linearGradient marker mask path pattern polygon polyline radialGradient rect stop svg " +
  "symbol text textPath title tspan use";

/** A reference in CSS or in an attribute that would have to be fetched: neither a part of this page nor data in it. */
const FETCH = /url\(\s*["']?(?!\s*["']?(?:#|data:))|@import|image-set\(|src\(/i;
/** Looks after which nothing changes any more: two, seldom three. */
const MOST_LOOKS = 8;
const LINK_ATTRIBUTES = ["href", "xlink:href"];

/**
 * HTML and SVG without everything that runs or fetches: scripts, handlers, frames, forms, and pictures or styles from
 * elsewhere. Links that a reader must click stay.
 *
 * @param html HTML as a notebook's output or its text holds it.
 * @returns The rest.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sanitizeHtml('<b onclick="x()">1</b><script>x()</script>'), "<b>1</b>");
 * ```
 */
export function sanitizeHtml(html: string): string {
  // A style inside of SVG may be read anew in another way: what is left must be left by another look, too.
  let before = html, after = sanitizeOnce(html);
  for (let looks = 1; after !== before && looks < MOST_LOOKS; looks++) [before, after] = [after, sanitizeOnce(after)];
  return after;
}

function sanitizeOnce(html: string): string {
  return sanitize(html, {
    allowedTags: [...HTML_TAGS.split(" "), ...SVG_TAGS.split(" ")],
    allowVulnerableTags: true, // that is `style`, whose text is checked below
    allowedAttributes: false,
    parseStyleAttributes: false,
    allowedSchemes: ["http", "https", "mailto"],
    allowedSchemesByTag: { img: ["data"], image: ["data"] },
    allowProtocolRelative: false,
    parser: { lowerCaseTags: false, lowerCaseAttributeNames: false },
    transformTags: { "*": (tagName, attribs) => ({ tagName, attribs: allowed(tagName, attribs) }) },
    // Inside of SVG a browser reads a style as elements, so that a script could hide in it.
    exclusiveFilter: ({ tag, text }) => tag === "style" && (FETCH.test(text) || /<|&lt;/.test(text)),
  });
}

function allowed(tagName: string, attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
      if (!isAllowed(tagName, name, value)) return [];
      // Plot names groups of marks, which have no role and so may have no name; here it is only a mark for tests.
      return [[tagName === "g" && name === "aria-label" ? "data-mark" : name, value]];
    }),
  );
}

function isAllowed(tagName: string, name: string, value: string): boolean {
  if (/^on/i.test(name) || FETCH.test(value)) return false;
  if (/^(?:src|srcset|poster|background|ping|data|action|formaction)$/i.test(name)) {
    return name === "src" && /^data:image\//i.test(value);
  }
  if (!LINK_ATTRIBUTES.includes(name.toLowerCase()) || tagName === "a") return true;
  return /^(?:#|data:image\/)/i.test(value);
}
