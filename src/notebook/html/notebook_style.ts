/** Style of a rendered notebook. Colours have a contrast of at least 4.5 to 1 on their ground, light and dark. */
export const NOTEBOOK_STYLE = `
:root { --ink: #1d2430; --quiet: #5a6472; --page: #ffffff; --ground: #f4f6f9; --line: #d6dbe3; --link: #0b57a4;
  --bad: #a3221b; --bad-ground: #fdeeed; --keyword: #8a1f6a; --string: #1c6b34; --number: #0b57a4; --comment: #5a6472 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ef; --quiet: #a0abba; --page: #14181f; --ground: #1c222c; --line: #364050; --link: #7db8f5;
    --bad: #ff9d94; --bad-ground: #3a1a1a; --keyword: #e79bd0; --string: #8fd6a2; --number: #86bdf7; --comment: #a0abba }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, sans-serif }
header, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem }
header { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; padding-top: 1rem; color: var(--quiet); font-size: .85rem }
main { padding-bottom: 4rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.2rem 0 .8rem; text-wrap: balance }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .4rem }
p, ul, ol { margin: .6rem 0; max-width: 46rem; overflow-wrap: anywhere }
a { color: var(--link) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: left }
code, pre { font: .8rem/1.6 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace }
:not(pre) > code { background: var(--ground); border-radius: 4px; padding: .1em .3em }
pre { margin: .6rem 0; padding: .7rem .9rem; overflow-x: auto; border-radius: 6px }
pre.code { background: var(--ground); border: 1px solid var(--line) }
pre.stdout, pre.stderr, pre.value { padding: 0 .9rem; white-space: pre-wrap; overflow-wrap: anywhere }
pre.stderr { color: var(--quiet) }
pre.error { background: var(--bad-ground); color: var(--bad); white-space: pre-wrap; overflow-wrap: anywhere }
.shown { margin: .8rem 0; overflow-x: auto }
.shown svg, .shown img { max-width: 100%; height: auto }
.failure { background: var(--bad-ground); color: var(--bad); padding: .7rem .9rem; border-radius: 6px;
  white-space: pre-wrap }
.failure a { color: inherit }
.state { margin: .8rem 0 0; font-size: .85rem; font-weight: 600; color: var(--bad) }
.not-run .state { color: var(--quiet) }
.failed pre.code { border-color: var(--bad) }
.hljs-keyword, .hljs-built_in, .hljs-literal { color: var(--keyword) }
.hljs-string, .hljs-regexp { color: var(--string) }
.hljs-number { color: var(--number) }
.hljs-comment { color: var(--comment); font-style: italic }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
@media (max-width: 700px) {
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
}
@media print {
  :root { --ink: #000; --quiet: #444; --page: #fff; --ground: #f6f6f6; --line: #ccc; --link: #000; --bad: #a3221b;
    --bad-ground: #fff; --keyword: #000; --string: #000; --number: #000; --comment: #444 }
  main, header { max-width: none; padding: 0 }
  pre { white-space: pre-wrap }
  .shown, pre, .failure { break-inside: avoid }
  h1, h2, h3, .text { break-after: avoid }
}
`;
