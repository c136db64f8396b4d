// How papers look: Times-like type, black on white, rules thin enough for a ward's laser printer. The margin at the left
// is for the hole punch; below there is room for the QR. Nothing is grey but what says that a paper is not real.
import { fontStack } from '../fonts.ts';
import { cssString } from './html.ts';

export interface PageRules {
  readonly paper: 'A4' | 'A5';
  readonly landscape: boolean;
  /** Above every page but the first. */
  readonly running: string;
  /** Below every page, line by line. */
  readonly foot: readonly string[];
  /** SVG, or null for none. */
  readonly qr: string | null;
}

export const qrMm = { A4: 16, A5: 13 } as const;

const sizes = {
  A4: { type: '12pt', small: '8.5pt', title: '15pt', margin: '13mm 13mm 25mm 20mm', box: '22mm' },
  A5: { type: '10.5pt', small: '7.5pt', title: '13pt', margin: '9mm 9mm 21mm 14mm', box: '17mm' },
} as const;

/** Millimetres of a sheet standing upright. */
export const paperMm = { A4: [210, 297], A5: [148, 210] } as const;

export function styleOf({ paper, landscape, running, foot, qr }: PageRules): string {
  const size = sizes[paper];
  const image =
    qr === null ? 'none' : `url("data:image/svg+xml;base64,${Buffer.from(qr).toString('base64')}")`;
  return `
@page {
  size: ${paper} ${landscape ? 'landscape' : 'portrait'}; margin: ${size.margin};
  font: ${size.small}/1.3 ${fontStack}; font-synthesis: none;
  @top-left { content: none }
  @top-right { content: ${cssString(running)}; width: 100%; text-align: right; font-style: italic; vertical-align: bottom; padding-bottom: 2mm; overflow: hidden }
  @bottom-left { content: ${image}; width: ${qr === null ? 0 : qrMm[paper] + 3}mm; text-align: left; vertical-align: top; padding-top: 3mm }
  @bottom-center { content: ${foot.map(cssString).join(' "\\A" ')}; white-space: pre-line; text-align: left; vertical-align: top; padding-top: 3mm }
  @bottom-right { content: "Trang " counter(page) "/" counter(pages); width: 20mm; text-align: right; vertical-align: top; padding-top: 3mm }
}
@page :first { @top-right { content: none } }
${rules}
html { font-size: ${size.type} } small, .small, .footnote, .replaces { font-size: ${size.small} }
h1 { font-size: ${size.title} }
.box { height: ${size.box} }`;
}

const rules = `
* { box-sizing: border-box; margin: 0; padding: 0; font-synthesis: none }
html { font-family: ${fontStack}; line-height: 1.38; color: #000; print-color-adjust: exact;
  font-variant-ligatures: none; hyphens: manual; overflow-wrap: anywhere; orphans: 2; widows: 2 }
header { display: flex; justify-content: space-between; gap: 4mm; font-size: .95em; line-height: 1.3 }
.house .center { text-align: center }
.plain .house { flex: 0 1 58%; max-width: 58% }
.plain .house .center { text-align: left }
.plain .numbers { flex: 0 1 36%; max-width: 40% }
.with-motto { font-size: .85em }
.with-motto .house { flex: 1 1 0; max-width: none }
.motto { flex: 0 0 auto; text-align: center }
.motto hr { width: 52%; margin: .8mm auto 0; border: 0; border-top: .7pt solid #000 }
.with-motto .numbers { flex: 0 1 24%; max-width: none; min-width: 0 }
.with-motto.A5 { flex-wrap: wrap }
.with-motto.A5 .numbers { flex: 1 1 100%; display: flex; justify-content: flex-end; flex-wrap: wrap; gap: 0 6mm }
.with-motto.A5 .numbers .dots { min-width: 22mm }
.ms { font-weight: bold }
h1 { text-align: center; line-height: 1.25; margin: 4mm 6mm 3mm; text-wrap: balance; break-after: avoid }
.replaces { text-align: center; font-style: italic; margin: -2mm 0 2mm; break-after: avoid }
h2 { font-size: 1em; margin: 2.4mm 0 .6mm; break-after: avoid; break-inside: avoid }
h3 { font-size: 1em; font-style: italic; font-weight: normal; margin: 1.2mm 0 .2mm; break-after: avoid; break-inside: avoid }
.whole { white-space: nowrap }
.new-page { break-before: page }
.row { display: flex; gap: 4mm; break-inside: avoid }
.cell { min-width: 0 }
${Array.from({ length: 12 }, (_, n) => `.w${n + 1}{flex:0 0 calc((100% + 4mm) * ${n + 1} / 12 - 4mm)}`).join(' ')}
.field { margin: .35mm 0 }
.long .said { white-space: pre-wrap; text-align: left }
.leader, .blank, .name { display: flex; align-items: last baseline; gap: 1mm }
.gaps { white-space: nowrap }
.dots { flex: 1 1 0; min-width: 5mm; height: 1em; border-bottom: 1pt dotted #000; transform: translateY(-.12em) }
.unit { flex: none }
.ruled { height: 1.75em; border-bottom: 1pt dotted #000; margin-bottom: .4mm }
.choice { white-space: nowrap; margin-right: 2.6mm }
.tick { display: inline-block; width: 1.02em; height: 1.02em; border: .7pt solid #000; vertical-align: -.14em; text-align: center;
  line-height: .92em; font-weight: bold; margin-left: .8mm; overflow: hidden }
.icd { display: inline-block; min-width: 14mm; min-height: 1.25em; border: .7pt solid #000; text-align: center; padding: 0 1.5mm;
  line-height: 1.2; white-space: nowrap; vertical-align: baseline }
.diagnosis .icd { align-self: center }
.statement { margin: .8mm 0; text-align: justify; white-space: pre-wrap }
.hint { font-size: .86em; font-weight: normal }
.chart { display: block; width: 100%; margin: 1mm 0; break-inside: avoid; font-size: 7.5pt }
.caption { margin: 1.2mm 0 .6mm; break-after: avoid }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: .6mm 0 1.6mm; font-size: .92em; line-height: 1.28 }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: .7pt solid #000; padding: .7mm 1.2mm; vertical-align: top; text-align: left }
th { text-align: center; vertical-align: middle; font-weight: bold; font-size: .92em; padding: .6mm .5mm; overflow-wrap: break-word }
td.number, td.moment, td.date { text-align: center; padding-left: .4mm; padding-right: .4mm }
td.long { white-space: pre-wrap }
.empty td { height: 2em }
.signatures { break-inside: avoid; break-before: avoid; margin-top: 3mm }
.signers { display: flex; gap: 4mm; break-inside: avoid; margin-bottom: 3mm }
.signer { flex: 1 1 0; min-width: 0; display: flex; flex-direction: column; text-align: center }
.signers.of1 { padding-left: 50% }
.date { display: flex; justify-content: flex-end; font-style: italic; break-after: avoid }
.date p { text-align: center; white-space: nowrap }
.date .of1, .date .of2 { min-width: calc(50% - 2mm) } .date .of3 { min-width: calc(33.3% - 2.7mm) }
.role { font-weight: bold; text-wrap: balance }
.how { font-style: italic; font-size: .9em }
.box { display: block; margin: auto 2mm 0; color: inherit; text-decoration: none }
.name { padding: 0 3mm }
.footnote { font-style: italic; margin-top: 3mm; break-inside: avoid }
.mark { position: fixed; inset: 0; z-index: -1; display: flex; flex-direction: column; justify-content: center; align-items: center;
  transform: rotate(-35deg); color: #e5e5e5; font-weight: bold; line-height: 1.1; text-align: center; white-space: nowrap }
`;
