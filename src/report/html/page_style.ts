/** Style of a report's page. Text has a contrast of at least 4.5 to 1, light and dark; the hues are those of the charts. */
export const PAGE_STYLE: string = `
:root { color-scheme: light dark; --page: #fff; --ink: #1f2328; --quiet: #57606a; --line: #dfe3e8; --ground: #f5f7f9;
  --link: #0060a0; --bar: #8bbcdc; --shadow: #0000002e; --gold: #8f6b00; --good: #00704f; --warning: #8f5a00; --warning-ground: #fdf4dc;
  --critical: #b3261e; --critical-ground: #fdeceb }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181d; --ink: #e6e9ec; --quiet: #a3adb8; --line: #343c45; --ground: #1b2127; --link: #6cbcf0;
    --bar: #2f658c; --shadow: #ffffff2e; --gold: #f7c93e; --good: #33c79b; --warning: #f0c05a; --warning-ground: #33290f;
    --critical: #ff9d94; --critical-ground: #3a1a1a }
}
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere }
header, nav ul, main, footer { max-width: 71rem; margin: 0 auto; padding: 0 1.5rem }
a { color: var(--link); text-underline-offset: .15em }
.skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--page) }
.skip:focus { left: .5rem; top: .5rem; z-index: 2 }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
main:focus { outline: none }

header { padding-top: 2rem; padding-bottom: 1rem }
.kind { margin: 0; color: var(--quiet); font-size: .9rem; letter-spacing: .01em }
h1 { margin: .1rem 0 .3rem; font-size: 2.3rem; line-height: 1.15; letter-spacing: -.015em; text-wrap: balance }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; margin: 0; padding: 0; list-style: none; color: var(--quiet) }
nav { position: sticky; top: 0; z-index: 1; background: var(--page); border-block: 1px solid var(--line) }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; list-style: none }
nav a { display: block; padding: .55rem 0; color: var(--ink); text-decoration: none; font-size: .88rem }
nav a:hover { text-decoration: underline }

section { padding: 2.4rem 0 1.2rem; border-bottom: 1px solid var(--line) }
section:last-child { border-bottom: 0 }
h2 { margin: 0 0 .2rem; font-size: 1.6rem; line-height: 1.2; letter-spacing: -.01em }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.06rem; line-height: 1.35 }
p { margin: .5rem 0 }
#answer h2 { font-size: .95rem; font-weight: 600; letter-spacing: 0; color: var(--quiet) }
.question { margin: 0 0 1.1rem; color: var(--quiet) }
.lead { max-width: 56rem; margin: .1rem 0 .5rem; font-size: 1.6rem; line-height: 1.35; font-weight: 600; text-wrap: pretty }
.more { max-width: 50rem; font-size: 1.06rem }
.interval { white-space: nowrap; font-weight: 400; color: var(--quiet) }
.lead .interval { font-size: .8em }

.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: .8rem; margin: 1.5rem 0 .5rem;
  padding: 0; list-style: none }
.figures a { display: block; height: 100%; padding: .8rem 1rem .85rem; border: 1px solid var(--line); border-radius: 10px;
  background: var(--ground); color: inherit; text-decoration: none }
.figures a:hover { border-color: var(--link) }
.figures span.label, .figures span.value, .figures span.detail { display: block }
.label { font-size: .88rem; color: var(--quiet) }
.value { font-size: 1.55rem; line-height: 1.3; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em }
.detail { font-size: .84rem; line-height: 1.4; color: var(--quiet); font-variant-numeric: tabular-nums }
.figures .critical .value { color: var(--critical) }

.points, .actions { max-width: 56rem; margin: .4rem 0; padding-left: 1.4rem }
.points li, .actions li { margin: .45rem 0; padding-left: .2rem }
.points li::marker, .actions li::marker { color: var(--quiet) }
.actions li { margin: .8rem 0 }
.source { white-space: nowrap; font-size: .88rem; color: var(--quiet) }
.badge { padding: .08em .5em; border-radius: 99px; font-size: .78rem; font-weight: 600; border: 1px solid currentColor }
.good > .badge, span.good { color: var(--good) }
.warning > .badge { color: var(--warning) }
.critical > .badge { color: var(--critical) }
.note { padding: .7rem 1rem; border-radius: 8px; background: var(--ground) }
.note.warning { background: var(--warning-ground); color: var(--warning) }
.note.critical { background: var(--critical-ground); color: var(--critical); font-weight: 600 }
.legend { max-width: 56rem }
.absent { color: var(--quiet) }
.star { color: var(--gold) }
.rough { color: var(--quiet) }

@media (min-width: 900px) { .facing dl { max-width: none; columns: 2; column-gap: 2.5rem } }
/* Charts bring a margin of 14 px, which goes into the page's. */
figure { margin: -.5rem -14px .5rem }
figure svg { display: block; width: 100%; height: auto }
.full, .narrow { display: none }
@media screen and (max-width: 600px) { .wide { display: none } .narrow { display: block } }
@media screen and (min-width: 1080px) { .wide { display: none } .full { display: block } }

dl { max-width: 56rem; margin: .3rem 0 .8rem; font-size: .95rem; font-variant-numeric: tabular-nums }
dl > div { display: grid; grid-template-columns: minmax(7rem, 11rem) minmax(0, 1fr); gap: 0 1rem; padding: .32rem 0;
  border-bottom: 1px solid var(--line); break-inside: avoid }
dl > div:last-child { border-bottom: 0 }
dt { color: var(--quiet) }
dd { margin: 0 }
.facing h3:first-child, .facing dl:first-child { margin-top: 0 }

.scroll { position: relative; max-width: 100%; margin: .3rem 0 1rem; overflow-x: auto }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; overflow-wrap: normal }
th, td { padding: .36rem .55rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; white-space: nowrap }
th:first-child, td:first-child { padding-left: .3rem }
thead th { white-space: normal; color: var(--quiet); font-weight: 500; font-size: .96em; vertical-align: bottom }
tbody th { font-weight: 500 }
th.number, td.number { text-align: right }
td.sign, th.sign { text-align: center }
.sort { all: unset; cursor: pointer; border-bottom: 1px dotted var(--quiet) }
.sort:hover { color: var(--ink) }
.sort:focus-visible, .save:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
[aria-sort="descending"] .sort::after { content: " ▼"; font-size: .7em }
[aria-sort="ascending"] .sort::after { content: " ▲"; font-size: .7em }
.save { padding: .45rem .9rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--ink);
  font: inherit; font-size: .95rem; cursor: pointer }
.save:hover { border-color: var(--link) }
.tip { position: fixed; z-index: 3; max-width: min(24rem, calc(100vw - 16px)); padding: .35rem .6rem; border-radius: 6px;
  background: var(--ink); color: var(--page); font-size: .85rem; line-height: 1.4; white-space: pre-line; pointer-events: none }
.best > * { font-weight: 650; background: var(--ground) }
.remark { white-space: normal }
.track { display: block; width: 6rem; height: .6rem; border-radius: 2px; overflow: hidden }
.track span { display: block; height: 100%; background: var(--bar); border-radius: 2px }
pre { margin: .4rem 0; padding: .7rem .9rem; border-radius: 8px; background: var(--ground); border: 1px solid var(--line);
  white-space: pre-wrap; overflow-wrap: anywhere }
code { font: .88rem/1.5 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace }
footer { padding-top: 1rem; padding-bottom: 2.5rem; color: var(--quiet); font-size: .88rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

@media (max-width: 600px) {
  header, nav ul, main, footer { padding-left: 1rem; padding-right: 1rem }
  h1 { font-size: 1.8rem }
  .lead { font-size: 1.2rem }
  nav { position: static }
  nav ul { padding-top: .3rem; padding-bottom: .3rem }
  nav a { padding: .3rem 0 }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem }
  .figures a { padding: .65rem .75rem }
  .value { font-size: 1.25rem }
  dl > div { grid-template-columns: minmax(0, 8rem) minmax(0, 1fr) }
  th, td { padding: .36rem .6rem }
  th.bar, td.bar { display: none }
  /* A shadow at the edge where a table goes on. */
  .scroll { background: linear-gradient(to right, var(--page) 40%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--page) 40%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shadow), transparent) left / .9rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shadow), transparent) right / .9rem 100% no-repeat scroll }
  .source { white-space: normal }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
@media print {
  :root { color-scheme: light; --page: #fff; --ink: #000; --quiet: #444c55; --line: #d0d5da; --ground: #f5f7f9; --link: #000;
    --bar: #8bbcdc; --gold: #8f6b00; --good: #00704f; --warning: #8f5a00; --warning-ground: #fdf4dc;
    --critical: #b3261e; --critical-ground: #fdeceb }
  @page { margin: 14mm }
  body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0 }
  nav, .skip, .save, .tip { display: none }
  .sort { border-bottom: 0 }
  .sort::after { display: none }
  section { padding: .9rem 0 .5rem }
  h2, h3, .question { break-after: avoid }
  /* What stays whole is small, so that no page is left half empty before it. */
  figure, tr, .figures li, dl > div, .points li, .actions li, .note { break-inside: avoid }
  p:has(+ .scroll), p:has(+ figure), thead { break-after: avoid }
  .facing dl { columns: 2; column-gap: 2rem }
  figure { margin: 0 0 .5rem -10px }
  figure svg { width: 100%; height: auto }
  section > figure { max-width: 60% }
  footer { break-before: avoid; padding: .3rem 0 0 }
  .figures { grid-template-columns: repeat(5, minmax(0, 1fr)); gap: .4rem }
  .figures a { padding: .5rem .6rem }
  .value { font-size: 1.15rem }
  .scroll { overflow: visible }
  table { font-size: 8pt }
  th, td { padding: .2rem .4rem }
  th.bar, td.bar { display: none }
  .track { width: 4.5rem }
  .pair .track { width: 3rem }
  .interval { white-space: normal }
  a { text-decoration: none }
}
`;
