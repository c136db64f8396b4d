// Looks laid over a signed page with signatures that are sound themselves: a document time-stamp, which anybody may have
// made, or somebody's own, in fields as the program would never write them.
import { signCades } from '../../../../electron/signing/cms/index.ts';
import { signatureFields } from '../../../../electron/signing/pdf/fields.ts';
import { as, need, readPdf } from '../../../../electron/signing/pdf/file.ts';
import { pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  dict,
  name,
  number,
  type PdfRef,
  type PdfValue,
  ref,
  stream,
  textString,
  withEntries,
} from '../../../../electron/signing/pdf/values.ts';
import type { World } from '../../../unit/signing/cms/openssl-world.ts';
import { stamperOf } from './tools.ts';

export interface Overlay {
  /** 'stamp': a document time-stamp; else whose key signs. */
  readonly by: 'stamp' | string;
  /** Left, bottom, right, top, as parts of the page. */
  readonly places: readonly (readonly [number, number, number, number])[];
  /** What it draws; null: no appearance. */
  readonly draws?: string | null;
  /** The one place is the field itself, and not its kid. */
  readonly merged?: boolean;
  readonly entries?: Readonly<Record<string, PdfValue>>;
  /** What may change after it (DocMDP). */
  readonly certifies?: 1 | 2;
  /** Instead of a new field, the empty one of this name, where it is. */
  readonly fills?: string;
  /** Listed so many times on the page. */
  readonly listed?: number;
}

const level = (allowed: number) => dict({ P: number(allowed) });
const ROOM = 10_240;
const WHITE = '1 1 1 rg 0 0 9999 9999 re f';

export async function overlaid(world: World, pdf: Buffer, what: Overlay): Promise<Buffer> {
  const { by, places, merged = false, draws = WHITE, entries = {}, listed = 1, certifies, fills } = what;
  const file = readPdf(pdf);
  const update = updateOf(file);
  const page = pagesOf(file)[0]!;
  const [left, bottom, right, top] = page.mediaBox;
  const [wide, high] = [right - left, top - bottom];
  const placeholder = `<${'0'.repeat(ROOM * 2)}>`;
  const blank = `[0 ${Array(3).fill('0'.repeat(10)).join(' ')}]`;
  const stamp = by === 'stamp';
  const signature = update.add(
    dict({
      Type: name(stamp ? 'DocTimeStamp' : 'Sig'),
      Filter: name('Adobe.PPKLite'),
      SubFilter: name(stamp ? 'ETSI.RFC3161' : 'ETSI.CAdES.detached'),
      ByteRange: { kind: 'text', text: blank },
      Reference:
        certifies && array(dict({ TransformMethod: name('DocMDP'), TransformParams: level(certifies) })),
      Contents: { kind: 'text', text: placeholder },
    }),
  );
  const field = fills === undefined ? update.reserve() : signature;
  const fieldEntries = { FT: name('Sig'), T: textString(`Overlay${file.nextNumber}`), V: signature };
  const widgetOf = ([x1, y1, x2, y2]: Overlay['places'][number]): Record<string, PdfValue | undefined> => ({
    Type: name('Annot'),
    Subtype: name('Widget'),
    F: number(4),
    P: ref(page.number),
    Rect: array(...[left + x1 * wide, bottom + y1 * high, left + x2 * wide, bottom + y2 * high].map(number)),
    AP:
      draws === null
        ? undefined
        : dict({
            N: update.add(
              stream(
                {
                  Type: name('XObject'),
                  Subtype: name('Form'),
                  BBox: array(...[0, 0, (x2 - x1) * wide, (y2 - y1) * high].map(number)),
                },
                Buffer.from(draws),
              ),
            ),
          }),
    ...entries,
  });
  const empty = fills === undefined ? null : signatureFields(file).find((one) => one.name === fills)!;
  let notes: readonly PdfRef[];
  if (empty) {
    const { AP } = widgetOf(places[0]!);
    update.put(ref(empty.number), withEntries(empty.dict, { V: signature, ...(AP && { AP }) }));
    notes = [];
  } else if (merged) {
    update.put(field, dict({ ...fieldEntries, ...widgetOf(places[0]!) }));
    notes = [field];
  } else {
    notes = places.map((place) => update.add(dict({ ...widgetOf(place), Parent: field })));
    update.put(field, dict({ ...fieldEntries, Kids: array(...notes) }));
  }
  const older = as(file.follow(page.dict.entries.get('Annots')), 'array')?.items ?? [];
  const shown = Array.from({ length: listed }, () => notes).flat();
  if (shown.length > 0)
    update.put(ref(page.number), withEntries(page.dict, { Annots: array(...older, ...shown) }));
  const formRef = need(file.root.entries.get('AcroForm'), 'ref');
  const form = need(file.follow(formRef), 'dict');
  const fields = need(file.follow(form.entries.get('Fields')), 'array').items;
  if (!empty) update.put(formRef, withEntries(form, { Fields: array(...fields, field) }));

  const { bytes, offsets } = update.finish();
  const start = offsets.get(signature.number)!;
  const from = bytes.indexOf(placeholder, start);
  const to = from + placeholder.length;
  const range = `[0 ${from} ${to} ${bytes.length - to}]`.padEnd(blank.length, ' ');
  bytes.write(range, bytes.indexOf(blank, start), 'latin1');
  const content = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  const made = stamp
    ? await stamperOf(world)(content)
    : await signCades({ content, key: world.key(by), algorithm: 'ecdsa-p256-sha256' });
  if (!made.ok) throw new Error(made.error.code);
  bytes.write(made.value.toString('hex').padEnd(ROOM * 2, '0'), from + 1, 'latin1');
  return bytes;
}
