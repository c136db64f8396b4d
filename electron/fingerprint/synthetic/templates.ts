// Templates without pictures, for galleries of tens of thousands: minutiae scattered as fingers scatter them, with the
// directions of neighbours alike. Good for time, memory and finding; no figure of error rates may come from them.
import { MOST_MINUTIAE, roundAngle } from '../template.ts';
import type { Minutia, Template } from '../types.ts';
import { createField, createRandom } from './random.ts';

const WIDTH = 360;
const HEIGHT = 400;
/** Minutiae of one finger lie no nearer to each other, px. */
const APART = 13;

/** A finger nobody has. */
export function scatterTemplate(seed: number): Template {
  const random = createRandom(seed);
  const bend = createField(seed, 120);
  const wanted = Math.round(random.between(28, 62));
  const minutiae: Minutia[] = [];
  for (let tries = 0; minutiae.length < wanted && tries < wanted * 40; tries++) {
    const x = Math.round(random.between(20, WIDTH - 20));
    const y = Math.round(random.between(20, HEIGHT - 20));
    if ((x / WIDTH - 0.5) ** 2 + (y / HEIGHT - 0.5) ** 2 > 0.22) continue;
    if (minutiae.some((m) => (m.x - x) ** 2 + (m.y - y) ** 2 < APART ** 2)) continue;
    // a loop's field: ridges lean with the side of the finger they are on; either way along the ridge
    const lean = Math.atan2(y - HEIGHT * 0.4, x - WIDTH * 0.5) / 2 + Math.PI / 2 + bend(x, y) * 0.9;
    const angle = roundAngle(-lean + (random.next() < 0.5 ? Math.PI : 0));
    const type = random.next() < 0.6 ? 'ending' : 'bifurcation';
    minutiae.push({ x, y, angle, type, quality: Math.round(random.between(30, 95)) });
  }
  return templateOf(minutiae);
}

/**
 * A finger nobody has, made of two of a pool: each gives the side of a line across the middle, turned, bent and thinned
 * out at random. Nearer to fingers than scattered minutiae are: the flow of the ridges is that of grown ones.
 */
export function mixTemplate(pool: readonly Template[], seed: number): Template {
  const random = createRandom(seed);
  const wanted = Math.round(random.between(28, 62));
  const across = random.between(0, 2 * Math.PI);
  const minutiae: Minutia[] = [];
  for (const side of [-1, 1]) {
    const source = pool[Math.floor(random.next() * pool.length)];
    if (source === undefined) continue;
    const turn = random.normal(0.2);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const bendX = createField(seed + side, 70);
    const bendY = createField(seed - 2 * side, 70);
    const half: Minutia[] = [];
    for (const minutia of source.minutiae) {
      const u = minutia.x - source.width / 2;
      const v = minutia.y - source.height / 2;
      const x = Math.round(WIDTH / 2 + u * cos + v * sin + 22 * bendX(u, v));
      const y = Math.round(HEIGHT / 2 - u * sin + v * cos + 22 * bendY(u, v));
      const aside = (x - WIDTH / 2) * Math.cos(across) + (y - HEIGHT / 2) * Math.sin(across);
      if (aside * side < 0 || x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) continue;
      half.push({ ...minutia, x, y, angle: roundAngle(minutia.angle + turn + random.normal(0.1)) });
    }
    const keep = wanted / 2 / Math.max(1, half.length);
    minutiae.push(...half.filter(() => random.next() < keep));
  }
  return templateOf(minutiae);
}

export interface Shake {
  readonly rotation?: number;
  /** Deviations of place (px) and direction (radians). */
  readonly place?: number;
  readonly turn?: number;
  /** Share of minutiae lost, and of false ones added. */
  readonly lost?: number;
  readonly added?: number;
}

/** Another impression of the same finger. */
export function shakeTemplate(template: Template, seed: number, shake: Shake = {}): Template {
  const { rotation = 0, place = 2, turn = 0.08, lost = 0.2, added = 0.15 } = shake;
  const random = createRandom(seed);
  const cos = Math.cos(rotation);
  const sin = Math.sin(rotation);
  const shiftX = random.normal(12);
  const shiftY = random.normal(12);
  const minutiae: Minutia[] = [];
  for (const minutia of template.minutiae) {
    const u = minutia.x - WIDTH / 2;
    const v = minutia.y - HEIGHT / 2;
    const x = Math.round(WIDTH / 2 + u * cos + v * sin + shiftX + random.normal(place));
    const y = Math.round(HEIGHT / 2 - u * sin + v * cos + shiftY + random.normal(place));
    const angle = roundAngle(minutia.angle + rotation + random.normal(turn));
    if (random.next() < lost || x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) continue;
    minutiae.push({ ...minutia, x, y, angle });
  }
  for (let i = 0; i < template.minutiae.length * added; i++) {
    minutiae.push({
      x: Math.round(random.between(20, WIDTH - 20)),
      y: Math.round(random.between(20, HEIGHT - 20)),
      angle: roundAngle(random.between(0, 2 * Math.PI)),
      type: 'ending',
      quality: Math.round(random.between(20, 60)),
    });
  }
  return templateOf(minutiae);
}

function templateOf(minutiae: readonly Minutia[]): Template {
  const best = [...minutiae].sort((a, b) => b.quality - a.quality).slice(0, MOST_MINUTIAE);
  return { algorithm: 1, width: WIDTH, height: HEIGHT, minutiae: best };
}
