// Text of a page: whatever is put into it is escaped unless it is itself a piece of page.

export interface Markup {
  readonly markup: string;
}

type Piece = string | number | Markup | null | undefined | false | readonly Piece[];

export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: texts.map((text, i) => (i === 0 ? text : put(pieces[i - 1]) + text)).join('') };
}

function put(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(put).join('');
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
