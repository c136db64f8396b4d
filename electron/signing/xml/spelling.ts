// How an XML file is written, byte for byte. Canonical XML hides much (line ends, blanks in tags, quotes, comments,
// entities), and whatever it hides could be changed after signing unseen. So comments, processing instructions, DTDs and
// entities are refused; files of ours have one spelling; of others' files each freedom must be used the same way throughout.

export interface Spelling {
  /** Null: well-formed, and nothing in it that a signature would not cover. */
  readonly fault: string | null;
  /** Blanks in tags other than a single one, mixed line ends or empty elements: harmless before signing, not after. */
  readonly loose: boolean;
}

const NAME = '(?:[\\p{L}_][\\p{L}\\p{N}._·-]*:)?[\\p{L}_][\\p{L}\\p{N}._·-]*';
const DECLARATION =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"(?:UTF-8|utf-8)"|'(?:UTF-8|utf-8)'))?(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?\s?\?>/;
const END_TAG = new RegExp(`</(${NAME})(\\s*)>`, 'uy');
const START_TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)(\\s*)(/?)>`, 'uy');
const ATTRIBUTE = new RegExp(`(\\s+)(${NAME})(\\s*=\\s*)("[^"<]*"|'[^'<]*')`, 'uy');
const CDATA = /<!\[CDATA\[[\s\S]*?\]\]>/y;
const TEXT = /[^<]+/y;
/** The five of XML, or a number with one way to write it. */
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#[1-9]\d{0,6}|#x[1-9A-F][0-9A-F]{0,5});/g;
/** Not XML's, or a line end for some readers only: NEL and LS, which XML 1.1 reads as line feeds and XML 1.0 does not. */
const FORBIDDEN_CHARACTER =
  /[^\t\n\r\u{20}-\u{84}\u{86}-\u{2027}\u{2029}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Ours: no envelope nests deeper. */
const DEEPEST = 100;

/** Of the text of a file, without a byte order mark. */
export function spellingOf(text: string): Spelling {
  const faulty = (fault: string): Spelling => ({ fault, loose: true });
  if (FORBIDDEN_CHARACTER.test(text)) return faulty('a character that XML does not have');
  const declaration = DECLARATION.exec(text)?.[0] ?? '';
  let at = declaration.length;
  let loose = false;
  const open: string[] = [];
  let roots = 0;
  const emptied = { tight: 0, spaced: 0 };
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found) at = form.lastIndex;
    return found;
  };
  while (at < text.length) {
    if (text[at] !== '<') {
      const [run = ''] = take(TEXT) ?? [];
      if (open.length === 0 && run.trim() !== '') return faulty('text outside the document');
      if (open.length > 0 && !textIsSound(run)) return faulty('text that XML does not have');
      continue;
    }
    if (text.startsWith('<![CDATA[', at)) {
      if (open.length === 0 || !take(CDATA)) return faulty('characters outside the document');
      continue;
    }
    const end = take(END_TAG);
    if (end) {
      if (open.pop() !== end[1]) return faulty('elements that do not close');
      loose ||= end[2] !== '';
      continue;
    }
    const start = take(START_TAG);
    if (!start) return faulty('comment, instruction, DTD or broken tag');
    const [, name = '', attributes = '', blank = '', slash = ''] = start;
    const said = attributesOf(attributes);
    if (said === null) return faulty('attributes that XML does not have');
    loose ||= said.loose || (blank !== '' && !(blank === ' ' && slash === '/'));
    if (slash === '/') emptied[blank === '' ? 'tight' : 'spaced'] += 1;
    if (open.length === 0) roots += 1;
    if (slash !== '/') open.push(name);
    if (open.length > DEEPEST || roots > 1) return faulty('more than one document, or too deep');
  }
  if (open.length > 0 || roots !== 1) return faulty('not one whole document');
  const uneven = (emptied.tight > 0 && emptied.spaced > 0) || emptied.spaced === 1;
  return { fault: null, loose: loose || uneven || !lineEndsAgree(text) || !tidyOutside(text, declaration) };
}

function attributesOf(text: string): { loose: boolean } | null {
  const names = new Set<string>();
  let loose = false;
  ATTRIBUTE.lastIndex = 0;
  for (let found = ATTRIBUTE.exec(text); found; found = ATTRIBUTE.exec(text)) {
    const [, blank, name = '', equals, quoted = ''] = found;
    if (names.has(name) || !referencesAreSound(quoted)) return null;
    names.add(name);
    // a line end or tab in a value is read as a blank
    loose ||= blank !== ' ' || equals !== '=' || /[\t\n\r]/.test(quoted);
  }
  return { loose };
}

const textIsSound = (run: string): boolean => !run.includes(']]>') && referencesAreSound(run);
const referencesAreSound = (run: string): boolean =>
  !run.includes('&') ||
  (!run.replace(REFERENCE, '').includes('&') && (run.match(REFERENCE) ?? []).every(namesCharacter));

function namesCharacter(reference: string): boolean {
  const [, hex, digits = hex] = /^&#(?:x([0-9A-F]+)|(\d+));$/.exec(reference) ?? [];
  const point = digits === undefined ? null : Number.parseInt(digits, hex === undefined ? 10 : 16);
  return point === null || (point <= 0x10ffff && !FORBIDDEN_CHARACTER.test(String.fromCodePoint(point)));
}

/** All LF, or (more than one, so that none was put in) all CRLF. A CR alone reads as LF. */
function lineEndsAgree(text: string): boolean {
  if (!text.includes('\r')) return true;
  const both = text.match(/\r\n/g)?.length ?? 0;
  return both > 1 && both === text.match(/\n/g)?.length && both === text.match(/\r/g)?.length;
}

/** Nothing or one line end between declaration and document, and behind it. */
const tidyOutside = (text: string, declaration: string): boolean =>
  !/\s\?>$/.test(declaration) &&
  /^(?:\r?\n)?</.test(text.slice(declaration.length)) &&
  /><?(?:\r?\n)?$/.test(text.slice(-3));
