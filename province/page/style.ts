// The page's look: plain and dense, for a screen of 1366×768. Part of the program because it is served from memory.
export const style = `
:root {
  --ink: #1b2a30; --soft: #4d5d64; --line: #c9d3d6; --ground: #f3f6f6; --paper: #fff;
  --main: #0b6b63; --main-dark: #08514b; --bad: #a3161f; --bad-ground: #fdecec; --warn: #7a4a00; --warn-ground: #fff4dc;
  --good: #1d6a34; --good-ground: #e6f4ea;
  font: 16px/1.45 "Be Vietnam Pro", "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; color: var(--ink);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); }
a { color: var(--main-dark); }
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible, textarea:focus-visible {
  outline: 3px solid #f0a500; outline-offset: 2px;
}
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px; z-index: 1; }
header { background: var(--main-dark); color: #fff; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; padding: 6px 20px; }
header a { color: #fff; text-decoration: none; padding: 8px 10px; border-radius: 6px; display: inline-block; }
header a:hover { text-decoration: underline; }
header nav { display: flex; flex-wrap: wrap; gap: 2px; flex: 1; }
header [aria-current] { background: #fff; color: var(--main-dark); font-weight: 600; }
header .who { display: flex; align-items: center; gap: 8px; }
header form button { background: none; border-color: #fff; color: #fff; }
header strong { font-size: 1.05rem; }
main { max-width: 1320px; margin: 0 auto; padding: 16px 20px 48px; }
h1 { font-size: 1.5rem; margin: 4px 0 12px; }
h2 { font-size: 1.15rem; margin: 24px 0 8px; }
h3 { font-size: 1rem; margin: 16px 0 8px; }
p { margin: 0 0 10px; }
article h2 { margin-top: 0; }
article form { margin-top: 12px; }
form + p { margin-top: 12px; }
th .soft { font-weight: 400; }
.box { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; margin: 0 0 14px; }
table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); }
caption { text-align: left; padding: 0 0 6px; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 7px 10px; border-bottom: 1px solid var(--line); }
th { background: #e8eeee; font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.tag { display: inline-block; border-radius: 5px; padding: 1px 8px; font-weight: 600; font-size: .92rem; border: 1px solid currentColor; white-space: nowrap; }
.bad { color: var(--bad); background: var(--bad-ground); }
.warn { color: var(--warn); background: var(--warn-ground); }
.good { color: var(--good); background: var(--good-ground); }
.say { border-left: 5px solid currentColor; padding: 10px 14px; margin: 0 0 14px; border-radius: 4px; }
.soft { color: var(--soft); }
.mono { font-family: ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
button, .button { font: inherit; font-weight: 600; min-height: 38px; padding: 6px 14px; border-radius: 6px; border: 1px solid var(--main-dark); background: var(--paper); color: var(--main-dark); cursor: pointer; }
button.main { background: var(--main); color: #fff; }
button.bad { border-color: var(--bad); }
label { display: block; font-weight: 600; margin: 0 0 10px; }
label.tick { font-weight: 400; display: flex; gap: 8px; align-items: center; min-height: 36px; margin: 0; }
label.tick input { width: 20px; height: 20px; min-height: 0; margin: 0; }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 12px; }
input, textarea { font: inherit; display: block; width: 100%; margin-top: 4px; padding: 7px 10px; min-height: 38px; border: 1px solid #71838a; border-radius: 6px; background: #fff; color: inherit; }
summary { cursor: pointer; min-height: 36px; padding: 6px 4px; color: var(--main-dark); font-weight: 600; }
details form { padding: 8px 0 4px; max-width: 460px; }
.narrow { max-width: 420px; margin: 6vh auto 0; }
.row { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: end; }
.row label { margin: 0; flex: 1 1 200px; }
.code { font: 700 2.6rem/1.3 ui-monospace, Consolas, monospace; letter-spacing: .06em; text-align: center; padding: 18px; border: 3px solid var(--main); border-radius: 10px; background: #fff; overflow-wrap: anywhere; }
.two td { width: 38%; } .two th { width: 24%; }
.differs td { background: var(--warn-ground); }
.tabs { display: flex; gap: 6px; margin: 0 0 14px; flex-wrap: wrap; }
.tabs a { padding: 8px 14px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); text-decoration: none; }
.tabs [aria-current] { background: var(--main); color: #fff; border-color: var(--main); font-weight: 600; }
.why { display: flex; flex-wrap: wrap; gap: 6px; margin: 0 0 10px; }
ul.plain { list-style: none; margin: 0; padding: 0; }
footer { color: var(--soft); padding: 0 20px 20px; max-width: 1320px; margin: 0 auto; }
`;
