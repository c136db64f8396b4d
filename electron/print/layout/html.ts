// HTML whose blanks cannot break out: whatever is put into a template is text unless it is such HTML itself.
import { printable } from '../fonts.ts';

export interface Html {
  readonly html: string;
}

type Blank = Html | readonly Html[] | string | number | null;

/** Tagged template: html`<b>${anything}</b>`. Nothing is written for null. */
export function html(parts: TemplateStringsArray, ...blanks: Blank[]): Html {
  return {
    html: parts.reduce((out, part, n) => out + written(blanks[n - 1] ?? null) + part),
  };
}

function written(blank: Blank): string {
  if (blank === null) return '';
  if (typeof blank === 'string') return escaped(printable(blank));
  if (typeof blank === 'number') return String(blank);
  if ('html' in blank) return blank.html;
  return blank.map((one) => one.html).join('');
}

export const nothing: Html = { html: '' };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A string of a style sheet, quotes and all; also harmless inside `<style>`. */
export const cssString = (text: string): string =>
  `"${printable(text).replaceAll(/["'\\<>&\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)} `)}"`;
