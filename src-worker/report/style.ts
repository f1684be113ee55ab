// The look of a report: paper, in either theme, and narrow enough to read.

export const pageStyle = `
:root { color-scheme: light; --ink: #16181d; --text-2: #555b66; --line: #d9dce2; --warn: #8a5a00; --bad: #a3201d; --good: #1d6b3f; }
body { margin: 0; background: #fff; color: var(--ink); font: 14px/1.5 Arial, Arimo, 'Liberation Sans', Helvetica, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 28px 0 8px; } h4 { font-size: 14px; margin: 20px 0 4px; }
p { margin: 4px 0; max-width: 80ch; } .about, .file, .note, caption, figcaption, code { color: var(--text-2); }
code { font-size: 12px; font-weight: 400; overflow-wrap: anywhere; } .note { padding-left: 12px; border-left: 2px solid var(--line); }
table { border-collapse: collapse; margin: 8px 0; font-size: 13px; } caption { text-align: left; padding-bottom: 4px; }
th, td { text-align: right; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
th { color: var(--text-2); } th:first-child, td:first-child, details td, details th { text-align: left; }
.readings { list-style: none; margin: 8px 0; padding: 0; max-width: 80ch; } .readings li { padding: 2px 0 2px 22px; position: relative; }
.readings li::before { position: absolute; left: 0; font-weight: 700; } .fine::before { content: '✓'; color: var(--good); }
.look::before { content: 'i'; color: var(--text-2); } .doubt::before { content: '!'; color: var(--bad); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(460px, 100%), 1fr)); gap: 28px; margin: 16px 0; align-items: start; }
.wide { overflow-x: auto; } .wide caption { max-width: 80ch; } .wide td { white-space: nowrap; } .wide th { vertical-align: bottom; } .wide :is(th, td):nth-child(2) { text-align: left; }
figure { margin: 0; } figure svg { width: 100%; height: auto; display: block; } figcaption { font-size: 12px; line-height: 1.4; margin-bottom: 6px; }
figcaption b { color: var(--ink); } .references { font-size: 12px; color: var(--text-2); max-width: 90ch; } details { margin: 12px 0; } summary { cursor: pointer; }
@media print { details { display: none; } article, figure { break-inside: avoid-page; } }
`;
