// As much of TrueType as a signature box needs: which glyph a letter is, how wide it is, and the font cut down to the
// glyphs used (numbers kept, so that text is written by glyph number). Reads only the font shipped with the program.

export interface TrueType {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly box: readonly number[];
  /** 0 when the font does not have it. */
  glyphOf(codePoint: number): number;
  /** In font units. */
  widthOf(glyph: number): number;
  subset(glyphs: Iterable<number>): Buffer;
}

export function trueType(file: Buffer): TrueType {
  const tables = new Map<string, Buffer>();
  for (let at = 0; at < file.readUInt16BE(4); at += 1) {
    const record = file.subarray(12 + at * 16, 28 + at * 16);
    const offset = record.readUInt32BE(8);
    tables.set(record.toString('latin1', 0, 4), file.subarray(offset, offset + record.readUInt32BE(12)));
  }
  const table = (tag: string): Buffer => tables.get(tag) ?? Buffer.alloc(0);
  const [head, hhea, hmtx, loca, glyf] = [
    table('head'),
    table('hhea'),
    table('hmtx'),
    table('loca'),
    table('glyf'),
  ];
  const long = head.readInt16BE(50) === 1;
  const glyphs = table('maxp').readUInt16BE(4);
  const metrics = hhea.readUInt16BE(34);
  const offsetOf = (glyph: number): number =>
    long ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2;
  const outline = (glyph: number): Buffer => glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1));

  return {
    unitsPerEm: head.readUInt16BE(18),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    capHeight: table('OS/2').readInt16BE(88),
    box: [36, 38, 40, 42].map((at) => head.readInt16BE(at)),
    glyphOf: glyphsByLetter(table('cmap')),
    widthOf: (glyph) => hmtx.readUInt16BE(Math.min(glyph, metrics - 1) * 4),
    subset: (wanted) => {
      const kept = new Set([0, ...wanted]);
      for (const glyph of kept) for (const part of partsOf(outline(glyph))) kept.add(part);
      const outlines: Buffer[] = [];
      const places = Buffer.alloc((glyphs + 1) * 4);
      let length = 0;
      for (let glyph = 0; glyph < glyphs; glyph += 1) {
        places.writeUInt32BE(length, glyph * 4);
        if (!kept.has(glyph)) continue;
        const padded = Buffer.alloc(Math.ceil(outline(glyph).length / 4) * 4);
        outline(glyph).copy(padded);
        outlines.push(padded);
        length += padded.length;
      }
      places.writeUInt32BE(length, glyphs * 4);
      const longHead = Buffer.from(head);
      longHead.writeInt16BE(1, 50);
      return assembled({
        glyf: Buffer.concat(outlines),
        head: longHead,
        hhea,
        hmtx,
        loca: places,
        maxp: table('maxp'),
      });
    },
  };
}

/** By the subtable of format 4 (Unicode, basic plane). */
function glyphsByLetter(cmap: Buffer): (codePoint: number) => number {
  const letters = new Map<number, number>();
  for (let at = 0; at < cmap.readUInt16BE(2); at += 1) {
    const sub = cmap.subarray(cmap.readUInt32BE(8 + at * 8));
    if (sub.readUInt16BE(0) !== 4) continue;
    const twice = sub.readUInt16BE(6);
    for (let run = 0; run < twice; run += 2) {
      const [end, start] = [sub.readUInt16BE(14 + run), sub.readUInt16BE(16 + twice + run)];
      const delta = sub.readUInt16BE(16 + 2 * twice + run);
      const rangeAt = 16 + 3 * twice + run;
      const range = sub.readUInt16BE(rangeAt);
      for (let letter = start; letter <= end && letter !== 0xffff; letter += 1) {
        const found = range === 0 ? letter : sub.readUInt16BE(rangeAt + range + (letter - start) * 2);
        if (found !== 0) letters.set(letter, (found + delta) & 0xffff);
      }
    }
  }
  return (codePoint) => letters.get(codePoint) ?? 0;
}

/** Glyphs a composite one is put together of. */
function partsOf(outline: Buffer): readonly number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  const parts: number[] = [];
  let at = 10;
  for (let flags = 0x20; flags & 0x20; ) {
    flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    const scale = flags & 0x08 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0;
    at += 4 + (flags & 1 ? 4 : 2) + scale;
  }
  return parts;
}

function assembled(tables: Readonly<Record<string, Buffer>>): Buffer {
  const tags = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
  const head = Buffer.alloc(12 + tags.length * 16);
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(tags.length, 4);
  const power = 2 ** Math.floor(Math.log2(tags.length));
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(tags.length * 16 - power * 16, 10);
  const bodies: Buffer[] = [];
  let offset = head.length;
  tags.forEach(([tag, table], at) => {
    const padded = Buffer.alloc(Math.ceil(table.length / 4) * 4);
    table.copy(padded);
    head.write(tag, 12 + at * 16, 'latin1');
    head.writeUInt32BE(sum(padded), 16 + at * 16);
    head.writeUInt32BE(offset, 20 + at * 16);
    head.writeUInt32BE(table.length, 24 + at * 16);
    bodies.push(padded);
    offset += padded.length;
  });
  return Buffer.concat([head, ...bodies]);
}

const sum = (table: Buffer): number => {
  let total = 0;
  for (let at = 0; at < table.length; at += 4) total = (total + table.readUInt32BE(at)) >>> 0;
  return total;
};
