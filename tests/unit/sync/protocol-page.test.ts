// The example of docs/protocol.md is what two places really say. TRAM_WRITE_DOCS=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hexOf } from '../../../shared/sync/bytes.ts';
import { decodeHello, decodeWelcome } from '../../../shared/sync/hello.ts';
import { decodeFrame } from '../../../shared/sync/wire.ts';
import { type Meeting, meet, place, write } from './support/places.ts';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'protocol.md');
const section = /<!-- example -->[\s\S]*<!-- \/example -->/;

async function example(): Promise<string> {
  const [station, province] = [place(1), place(2, true)];
  write(station, 1, { text: 'Mạch 80', celsius: 37.4 });
  write(station, 1, { text: 'Mạch 84', celsius: 37.1 });
  const plain = { compress: async (bytes: Uint8Array) => bytes, decompress: async () => new Uint8Array() };
  const words: string[] = [];
  const meeting = await meet(station, province, {
    codec: plain,
    onFirstWords: (hello, welcome) => {
      expect(decodeHello(hello).station).toBe(station.station);
      expect(decodeWelcome(welcome).station).toBe(province.station);
      words.push(line('>', 'Hello', hello), line('<', 'Welcome', welcome));
    },
  });
  await meeting.pass(1_000);
  write(station, 0, { text: 'Dị ứng penicillin' });
  meeting.initiator.grew();
  await meeting.pass(11_000);
  meeting.cut();
  return [...words, ...meeting.messages.map(spoken)].join('\n');
}

const spoken = ({ from, bytes }: Meeting['messages'][number]): string =>
  line(from === 'initiator' ? '>' : '<', decodeFrame(bytes).type.toUpperCase(), bytes);

function line(who: string, name: string, bytes: Uint8Array): string {
  const rows = hexOf(bytes).match(/.{1,96}/g) ?? [];
  return [`${who} ${name} (${bytes.length} bytes)`, ...rows.map((row) => `    ${row}`)].join('\n');
}

it('shows on the page what two places really say to each other', async () => {
  const written = `<!-- example -->\n\`\`\`\n${await example()}\n\`\`\`\n<!-- /example -->`;
  const before = readFileSync(page, 'utf8');
  if (process.env.TRAM_WRITE_DOCS) writeFileSync(page, before.replace(section, written));
  expect(section.exec(readFileSync(page, 'utf8'))?.[0]).toBe(written);
});

it('names every frame and every end code there is', async () => {
  const text = readFileSync(page, 'utf8');
  const wire = readFileSync(join(import.meta.dirname, '../../../shared/sync/wire.ts'), 'utf8');
  for (const [, name, byte] of wire.matchAll(/^ {2}(\w+): 0x([0-9a-f]{2}),$/gm)) {
    const shown = name!.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    expect(text).toContain(`| ${byte} | ${shown} |`);
  }
  const codes = /const endCodes = \[([^\]]*)\]/.exec(wire)?.[1]?.match(/\w+/g) ?? [];
  expect(codes.length).toBeGreaterThan(10);
  codes.forEach((code, place) => void expect(text).toMatch(new RegExp(`\\b${place} ${code}\\b`)));
});
