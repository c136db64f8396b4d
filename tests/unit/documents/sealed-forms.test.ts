// A version of a form that papers were written on is never edited: papers must look tomorrow as they were signed.
// A change is a new file with the next version, and its line here.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';

const folder = join(import.meta.dirname, '../../../resources/forms');

/** First 16 digits of the SHA-256 of each file's canonical JSON, so that only its words count. */
const sealed: Readonly<Record<string, string>> = {
  'benh-an-noi-khoa-tong-ket.v1.json': '4bf068346d4640c9',
  'benh-an-noi-khoa-vao.v1.json': '22ed2ea172175481',
  'bien-ban-hoi-chan.v1.json': '98b9223dee384a11',
  'cam-ket-phau-thuat-thu-thuat.v1.json': '721b11537677dab6',
  'giay-chuyen-co-so-kcb.v1.json': 'ed703a036f5f45b0',
  'giay-ra-vien.v1.json': 'a208d35efddd0289',
  'phieu-cham-soc-cap-1.v1.json': 'bb46c0dff6c86e94',
  'phieu-cham-soc.v1.json': 'b39197a618122093',
  'phieu-theo-doi-chuc-nang-song.v1.json': '4356ce7a8f31c9cc',
  'to-dieu-tri.v1.json': '0007fff3c4daa046',
  'tom-tat-ho-so-benh-an.v1.json': '13e3307faab3a993',
};

it('leaves every released form as it was', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const now = Object.fromEntries(
    files.map((name) => {
      const words = canonicalJson(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      return [name, createHash('sha256').update(words).digest('hex').slice(0, 16)];
    }),
  );
  expect(now).toEqual(sealed);
});
