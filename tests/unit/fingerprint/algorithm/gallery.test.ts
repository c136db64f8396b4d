import { describe, expect, it } from 'vitest';
import { createComparer } from '../../../../electron/fingerprint/matching/comparer.ts';
import { createGallery } from '../../../../electron/fingerprint/matching/gallery.ts';
import { thresholds } from '../../../../electron/fingerprint/matching/thresholds.ts';
import { scatterTemplate, shakeTemplate } from '../../../../electron/fingerprint/synthetic/index.ts';
import type { Template } from '../../../../electron/fingerprint/types.ts';
import { impression } from './prints.ts';

const best = (gallery: ReturnType<typeof createGallery>, template: Template) => {
  const found = gallery.identify(template);
  if (!found.ok) throw new Error(found.error.code);
  return found.value[0];
};

function galleryOf(count: number): ReturnType<typeof createGallery> {
  const gallery = createGallery();
  for (let i = 0; i < count; i++) expect(gallery.put(`person-${i}`, scatterTemplate(i)).ok).toBe(true);
  return gallery;
}

describe('a gallery', () => {
  it('finds each of three real ridge patterns among a thousand others, with the score of a 1:1 comparison', () => {
    const gallery = galleryOf(1000);
    const comparer = createComparer();
    for (const seed of [1, 2, 3]) {
      const enrolled = impression(seed, { seed: 10 });
      gallery.put(`finger-${seed}`, enrolled);
      const probe = impression(seed, { seed: 20, rotation: 0.3, moisture: -0.4 });
      const found = best(gallery, probe);
      expect(found?.id).toBe(`finger-${seed}`);
      const score = comparer.score(comparer.prepare(probe), comparer.prepare(enrolled));
      expect(found?.score).toBeCloseTo(score, 3);
    }
  });

  it('answers a stranger with nobody above the threshold for 1:1', () => {
    const gallery = galleryOf(500);
    expect(best(gallery, impression(4, { seed: 10 }))?.score).toBeLessThan(thresholds.verify);
  });

  it('forgets who was removed, and knows the new template of who was replaced', () => {
    const gallery = galleryOf(300);
    const [one, other] = [impression(1, { seed: 30 }), impression(2, { seed: 30 })];
    gallery.put('somebody', one);
    expect(best(gallery, impression(1, { seed: 31 }))?.id).toBe('somebody');
    gallery.put('somebody', other);
    expect(gallery.size()).toBe(301);
    expect(best(gallery, impression(1, { seed: 31 }))?.score).toBeLessThan(thresholds.verify);
    expect(best(gallery, impression(2, { seed: 31 }))?.id).toBe('somebody');
    expect(gallery.remove('somebody')).toBe(true);
    expect(gallery.remove('somebody')).toBe(false);
    expect(best(gallery, impression(2, { seed: 31 }))?.score).toBeLessThan(thresholds.verify);
  });

  it('still finds everybody after most have been removed and others added, without growing', () => {
    const gallery = galleryOf(600);
    const before = gallery.bytes();
    for (let i = 0; i < 600; i += 2) gallery.remove(`person-${i}`);
    for (let i = 1000; i < 1290; i++) gallery.put(`person-${i}`, scatterTemplate(i));
    expect(gallery.size()).toBe(590);
    expect(gallery.bytes()).toBe(before);
    for (const i of [1, 77, 599, 1000, 1289]) {
      const probe = shakeTemplate(scatterTemplate(i), i, { rotation: 0.2 });
      expect(best(gallery, probe)?.id).toBe(`person-${i}`);
    }
    for (const i of [0, 300, 598]) {
      expect(best(gallery, shakeTemplate(scatterTemplate(i), i))?.id).not.toBe(`person-${i}`);
    }
  });

  it('refuses a template too weak to compare, and keeps what it had under that name', () => {
    const gallery = galleryOf(60);
    const weak = { ...scatterTemplate(1), minutiae: scatterTemplate(1).minutiae.slice(0, 5) };
    expect(gallery.put('person-1', weak)).toMatchObject({ ok: false, error: { code: 'template_too_weak' } });
    expect(gallery.identify(weak)).toMatchObject({ ok: false, error: { code: 'template_too_weak' } });
    expect(best(gallery, scatterTemplate(1))?.id).toBe('person-1');
  });

  it('is empty after wiping and can be filled again', () => {
    const gallery = galleryOf(100);
    gallery.wipe();
    expect(gallery.size()).toBe(0);
    expect(gallery.identify(scatterTemplate(1))).toEqual({ ok: true, value: [] });
    gallery.put('again', scatterTemplate(1));
    expect(best(gallery, scatterTemplate(1))?.id).toBe('again');
  });
});
