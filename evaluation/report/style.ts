/** The style of the page: light and dark, narrow and wide, screen and paper. Colours are those of Okabe and Ito, which colour-blind readers tell apart. */
import type { Html } from './html.ts'

const css = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --paper: #fff; --band: #f4f6f8; --rule: #d5dae0; --on-strong: #fff;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #b87f00; --c5: #3a9bd9; --c6: #1b1f24; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --quiet: #a3abb5; --paper: #14171b; --band: #1d2127; --rule: #363c44; --on-strong: #101316;
  --c0: #5ab4e5; --c1: #f28c4e; --c2: #35c79d; --c3: #e0a3c5; --c4: #e6b13c; --c5: #8ccbf5; --c6: #e6e9ed; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 1280px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--rule); }
p { max-width: 75ch; margin: .5rem 0; } .introduction { color: var(--quiet); }
ul { padding-left: 1.2rem; margin: .5rem 0; max-width: 85ch; }
.scroll { overflow-x: auto; margin: .6rem 0 1rem; }
.long { max-height: 32rem; overflow: auto; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .55rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); overflow-wrap: break-word; max-width: 34rem; }
th { background: var(--band); font-weight: 600; overflow-wrap: normal; } .long th { position: sticky; top: 0; }
th.number, td.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
figure { margin: .6rem 0 1rem; max-width: 100%; }
figcaption { contain: inline-size; color: var(--quiet); font-size: .88rem; max-width: 75ch; }
details { border: 1px solid var(--rule); border-radius: 6px; margin: .6rem 0; padding: 0 1rem; }
summary { cursor: pointer; font-weight: 600; padding: .5rem 0; overflow-wrap: anywhere; }
figure { flex: 0 1 auto; min-width: min(18rem, 100%); }
svg { max-width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .axis text { fill: var(--quiet); } svg .axis path { stroke: var(--quiet); fill: none; } svg .axis path.grid { stroke: var(--rule); }
svg .label { fill: var(--ink); } svg .quiet { fill: var(--quiet); }
svg .interval, svg .leader { stroke: var(--quiet); fill: none; } svg .leader { opacity: .5; }
svg circle { stroke: var(--c0); stroke-width: 2; fill: var(--paper); }
svg .front circle, svg .range circle { fill: var(--c0); }
svg .range path { stroke: var(--c0); stroke-width: 2; fill: none; }
svg .bar { fill: var(--c0); } svg .mark path { stroke: var(--c1); stroke-dasharray: 4 3; fill: none; } svg .mark text { fill: var(--c1); }
svg .part.c0 { fill: var(--c0); } svg .part.c1 { fill: var(--c4); } svg .part.c2 { fill: var(--c2); }
svg .line path { stroke-width: 2; fill: none; }
${[0, 1, 2, 3, 4, 5, 6].map((n) => `svg .line.c${n} path, svg .line.c${n} circle { stroke: var(--c${n}); } svg text.name.c${n} { fill: var(--c${n}); }`).join('\n')}
svg .matrix { fill: none; stroke: var(--quiet); }
svg .cell.right { fill: var(--c0); } svg .cell.wrong { fill: var(--c1); }
${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `svg .cell.l${n} { fill-opacity: ${0.12 + n * 0.088}; }`).join(' ')}
svg text.class { font-size: 11px; } svg text.count { font-size: 11px; } svg text.count.strong { fill: var(--on-strong); }
@media print { .long { max-height: none; } }
`

export const style: Html = { markup: `<style>${css}</style>` }
