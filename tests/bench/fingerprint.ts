// Fingerprints measured: error rates over folders of real pictures, speed of each step, and finding one finger among
// 50,000. CPU time of one thread throughout, because other work may share the machine; prints tables and JSON.
//   [TRAM_FP_IMAGES=folder] node tests/bench/fingerprint.ts [rates] [speed] [gallery]
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { benchFolder } from '../../electron/fingerprint/bench.ts';
import { extract } from '../../electron/fingerprint/extraction/index.ts';
import { createComparer } from '../../electron/fingerprint/matching/comparer.ts';
import { createGallery } from '../../electron/fingerprint/matching/gallery.ts';
import { thresholds } from '../../electron/fingerprint/matching/thresholds.ts';
import { readPng } from '../../electron/fingerprint/png.ts';
import {
  growFinger,
  mixTemplate,
  scatterTemplate,
  touch,
} from '../../electron/fingerprint/synthetic/index.ts';
import { decodeTemplate, encodeTemplate } from '../../electron/fingerprint/template.ts';
import type { Template } from '../../electron/fingerprint/types.ts';

const GALLERY = 50_000;
/** Grown fingers of the speed table, and the pool the gallery's strangers are mixed from. */
const POOL = 60;
/** Probes compared in full; the others only go through the quick look. */
const FULL = 70;

const images = process.env.TRAM_FP_IMAGES;
const chosen = process.argv.slice(2);
const wanted = (part: string): boolean => chosen.length === 0 || chosen.includes(part);
const report: Record<string, unknown> = { load: loadavg().map((load) => Number(load.toFixed(1))) };

if (wanted('rates')) {
  if (images === undefined) console.log('TRAM_FP_IMAGES names no folder: no error rates.');
  else report.rates = benchFolder(images, (figures) => console.table([figures]));
}
if (wanted('speed')) report.speed = table(speed());
if (wanted('gallery')) report.gallery = table(images === undefined ? [] : gallery(images));
console.log(JSON.stringify(report, null, 2));

function table<T extends object>(rows: readonly T[]): readonly T[] {
  console.table(rows);
  return rows;
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface Speed {
  readonly step: string;
  readonly times: number;
  readonly msEach: number;
  readonly perSecond: number;
}

function speed(): Speed[] {
  const rows: Speed[] = [];
  const measure = (step: string, times: number, work: (i: number) => void): void => {
    for (let i = 0; i < Math.min(times, 20); i++) work(i);
    const all = cpuMs(() => {
      for (let i = 0; i < times; i++) work(i);
    });
    rows.push({
      step,
      times,
      msEach: Number((all / times).toPrecision(3)),
      perSecond: Math.round((times / all) * 1000),
    });
  };
  const pictures = Array.from({ length: POOL }, (_, i) =>
    touch(growFinger(i), { seed: i, rotation: ((i % 7) - 3) * 0.1, moisture: ((i % 5) - 2) * 0.3 }),
  );
  const large = touch(growFinger(1), { seed: 1, width: 600, height: 800, dpi: 1000 });
  const templates = pictures.flatMap(templatesOf);
  const bytes = templates.map(encodeTemplate);
  const comparer = createComparer();
  const prepared = templates.map((template) => comparer.prepare(template));
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
  measure('extract, 300 × 400 at 500 dpi', POOL * 3, (i) => extract(pick(pictures, i)));
  measure('extract, 600 × 800 at 1000 dpi', 20, () => extract(large));
  measure('template to bytes and back', 2000, (i) => decodeTemplate(encodeTemplate(pick(templates, i))));
  measure('bytes to template', 2000, (i) => decodeTemplate(pick(bytes, i)));
  measure('prepare a template', 2000, (i) => comparer.prepare(pick(templates, i)));
  measure('compare, different fingers', 30_000, (i) => {
    comparer.score(pick(prepared, Math.floor(i / POOL)), pick(prepared, i + 1));
  });
  measure('1:1 from two templates', 2000, (i) => {
    comparer.score(comparer.prepare(pick(templates, i)), comparer.prepare(pick(templates, i + 1)));
  });
  return rows;
}

interface Impression {
  readonly finger: string;
  readonly template: Template;
}

interface Found {
  readonly strangers: string;
  readonly templates: number;
  readonly probes: number;
  /** Probes that also went through the full comparison. */
  readonly asked: number;
  /** Share of probes whose finger is on the shortlist: the first 2 %, and the first 0.5 %. */
  readonly inTop2pct: number;
  readonly inTop05pct: number;
  /** Share whose finger is first after the full comparison, and first with a score above the 1:1 threshold. */
  readonly first: number;
  readonly firstAndSure: number;
  readonly msShortlist: number;
  readonly msIdentify: number;
  readonly memoryMB: number;
  readonly msPut: number;
}

/** One impression of every real finger among 50,000 made-up strangers; every other impression asks for its finger. */
function gallery(folder: string): Found[] {
  const real = impressionsOf(folder);
  const pool = Array.from({ length: POOL }, (_, i) => touch(growFinger(5000 + i), { seed: i })).flatMap(
    templatesOf,
  );
  return [
    find('mixed of grown fingers', real, (i) => mixTemplate(pool, i)),
    find('scattered', real, scatterTemplate),
  ];
}

function find(strangers: string, real: readonly Impression[], stranger: (seed: number) => Template): Found {
  const people = createGallery();
  const others = Array.from({ length: GALLERY }, (_, i) => stranger(i));
  const put = cpuMs(() => others.forEach((template, i) => void people.put(`stranger-${i}`, template)));
  const enrolled = new Set<string>();
  const probes: Impression[] = [];
  for (const impression of real) {
    if (enrolled.has(impression.finger)) probes.push(impression);
    else if (people.put(impression.finger, impression.template).ok) enrolled.add(impression.finger);
  }
  const top = Math.ceil(people.size() * 0.02);
  const seen = { top: 0, narrow: 0, first: 0, sure: 0, shortlist: 0, identify: 0, asked: 0 };
  const inFull = Math.ceil(probes.length / FULL);
  for (const [i, { finger, template }] of probes.entries()) {
    seen.shortlist += cpuMs(() => {
      const rank = people.shortlist(template, top).indexOf(finger);
      if (rank >= 0) seen.top++;
      if (rank >= 0 && rank < top / 4) seen.narrow++;
    });
    if (i % inFull > 0) continue;
    seen.asked++;
    seen.identify += cpuMs(() => {
      const found = people.identify(template);
      const best = found.ok ? found.value[0] : undefined;
      if (best?.id !== finger) return;
      seen.first++;
      if (best.score >= thresholds.verify) seen.sure++;
    });
  }
  const share = (count: number, of: number): number => Number(((100 * count) / of).toFixed(1));
  const memoryMB = Math.round(people.bytes() / 1e6);
  people.wipe();
  return {
    strangers,
    templates: GALLERY + enrolled.size,
    probes: probes.length,
    asked: seen.asked,
    inTop2pct: share(seen.top, probes.length),
    inTop05pct: share(seen.narrow, probes.length),
    first: share(seen.first, seen.asked),
    firstAndSure: share(seen.sure, seen.asked),
    msShortlist: Math.round(seen.shortlist / probes.length),
    msIdentify: Math.round(seen.identify / seen.asked),
    memoryMB,
    msPut: Number((put / GALLERY).toFixed(2)),
  };
}

function impressionsOf(folder: string): Impression[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /_\d+\.png$/.test(file),
  );
  return files.sort().flatMap((file) => {
    const image = readPng(readFileSync(join(folder, file)));
    if (!image.ok) return [];
    return templatesOf(image.value).map((template) => ({ finger: file.replace(/_\d+\.png$/, ''), template }));
  });
}

function templatesOf(image: Parameters<typeof extract>[0]): Template[] {
  const extraction = extract(image);
  return extraction.ok ? [extraction.value.template] : [];
}
