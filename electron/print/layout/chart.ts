// Curves above a table of measurements, each with a scale of its own at the side: drawn for a black printer, so that line
// and mark tell them apart, not colour.
import type { FormField, FormValue } from '../../../shared/model/form-template.ts';
import { DAY_MS, dayStart, formatDate } from '../../../shared/time/vietnam.ts';
import { type Html, html, nothing } from './html.ts';
import { rowsIn } from './table.ts';

type Line = NonNullable<FormField['chart']>['lines'][number];
interface Point {
  readonly at: number;
  readonly value: number;
}

// All in tenths of a millimetre; the drawing is scaled to the width there is.
const box = { left: 120, right: 1650, top: 120, bottom: 640, width: 1770, height: 650 } as const;
/** Beside the drawing: first line's scale at the left, then at the right, the third further right. */
const scaleAt = [
  { x: 108, name: 8, anchor: 'end', nameAnchor: 'start' },
  { x: 1662, name: 1762, anchor: 'start', nameAnchor: 'end' },
  { x: 1762, name: 885, anchor: 'end', nameAnchor: 'middle' },
] as const;
const mostDays = 31;

export function chart(field: FormField, value: FormValue | undefined): Html {
  if (!field.chart) return nothing;
  const { x, lines } = field.chart;
  const curves = lines.map((line) => ({
    line,
    points: rowsIn(value)
      .flatMap((row): Point[] => {
        const [at, measured] = [row[x], row[line.column]];
        return typeof at === 'number' && typeof measured === 'number' ? [{ at, value: measured }] : [];
      })
      .sort((a, b) => a.at - b.at),
  }));
  const times = curves.flatMap(({ points }) => points.map(({ at }) => at));
  const days = daysOf(times);
  const xOf = (at: number): number => across(at, days.from, days.to, box.left, box.right);
  return html`<svg class="chart" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${field.label}">
<rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}" fill="none" stroke="#000" stroke-width="2.5"/>
${grid(lines[0])}${dayMarks(days, xOf, times.length > 0)}
${curves.map(({ line }, n) => scale(line, n))}
${curves.map(({ line, points }, n) => curve(line, n, points, xOf))}
</svg>`;
}

/** Whole days from the first to the last, seven when there are none. */
function daysOf(times: readonly number[]): { from: number; to: number; count: number } {
  const from = times.length > 0 ? dayStart(Math.min(...times)) : 0;
  const last = times.length > 0 ? dayStart(Math.max(...times)) : from + 6 * DAY_MS;
  return { from, to: last + DAY_MS, count: Math.round((last - from) / DAY_MS) + 1 };
}

function dayMarks(
  days: { from: number; count: number },
  xOf: (at: number) => number,
  named: boolean,
): Html[] {
  const every = Math.ceil(days.count / mostDays);
  const nameEvery = Math.ceil(days.count / 12);
  return Array.from({ length: Math.ceil(days.count / every) }, (_, n) => {
    const at = days.from + n * every * DAY_MS;
    const left = xOf(at);
    const middle = xOf(at + DAY_MS / 2);
    const name =
      named && (n * every) % nameEvery === 0
        ? html`<text x="${round(middle)}" y="${box.top - 14}" text-anchor="middle" font-size="27">${formatDate(at).slice(0, 5)}</text>`
        : nothing;
    return html`<line x1="${round(left)}" x2="${round(left)}" y1="${box.top}" y2="${box.bottom}" stroke="#888" stroke-width="1.5"/>${name}`;
  });
}

function grid(line: Line | undefined): Html[] {
  if (!line) return [];
  return marksOf(line).map((mark) => {
    const y = round(heightOf(line, mark));
    return html`<line x1="${box.left}" x2="${box.right}" y1="${y}" y2="${y}" stroke="#bbb" stroke-width="1.2"/>`;
  });
}

function scale(line: Line, n: number): Html {
  const { x, name, anchor, nameAnchor } = scaleAt[n] ?? scaleAt[0];
  const marks = marksOf(line).map(
    (mark) =>
      html`<text x="${x}" y="${round(heightOf(line, mark) + 9)}" text-anchor="${anchor}" font-size="27">${String(mark).replace('.', ',')}</text>`,
  );
  const [left, right] = nameAnchor === 'start' ? [44, 0] : [0, -44];
  return html`${marks}<text x="${name + left + right}" y="33" text-anchor="${nameAnchor}" font-size="30" font-weight="bold">${line.label}</text>
${sign(n, nameAnchor === 'end' ? name - 18 : nameAnchor === 'start' ? name + 18 : name + 160, 23)}`;
}

function curve(line: Line, n: number, points: readonly Point[], xOf: (at: number) => number): Html {
  const placed = points.map(({ at, value }) => ({ x: round(xOf(at)), y: round(heightOf(line, value)) }));
  const path = placed.map(({ x, y }) => `${x},${y}`).join(' ');
  const dashes = line.style === 'dashed' ? html` stroke-dasharray="14 9"` : nothing;
  return html`<polyline points="${path}" fill="none" stroke="#000" stroke-width="4"${dashes}/>${placed.map(({ x, y }) => sign(n, x, y))}`;
}

/** A filled dot, an open one, a cross. */
function sign(n: number, x: number, y: number): Html {
  if (n === 2)
    return html`<path d="M${x - 9} ${y - 9}l18 18m0 -18l-18 18" stroke="#000" stroke-width="4" fill="none"/>`;
  return html`<circle cx="${x}" cy="${y}" r="9" fill="${n === 0 ? '#000' : '#fff'}" stroke="#000" stroke-width="3.5"/>`;
}

function marksOf({ min, max, step }: Line): number[] {
  const count = Math.floor((max - min) / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => Number((min + n * step).toFixed(6)));
}

/** What lies outside the scale is drawn at its edge: the table below says how much it was. */
const heightOf = ({ min, max }: Line, value: number): number =>
  across(Math.min(max, Math.max(min, value)), min, max, box.bottom, box.top);

const across = (value: number, from: number, to: number, a: number, b: number): number =>
  a + ((value - from) / (to - from)) * (b - a);

const round = (value: number): number => Math.round(value * 10) / 10;
