// The pages of a paper exactly as they are signed and printed, one under the other. Tells when every page has been on the
// screen from top to bottom. Its words are there for screen readers too.
import { Button } from '@mantine/core';
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import { type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { Loading } from '../Loading.tsx';
import { type Coverage, cover, coversAll } from './coverage.ts';
import { openPdf } from './library.ts';
import styles from './PdfPages.module.css';

export interface PdfPagesHandle {
  /** One screenful further, at the end back to what was missed; false when all of it was on the screen. */
  onward(): boolean;
}

interface Props {
  /** Base64. */
  readonly pdf: string;
  /** Whose pages, spoken. */
  readonly label: string;
  /** Takes the focus when it is there, unless something else has it: whoever came to read, reads on by keys. */
  readonly focus?: boolean;
  /** Called with the page's number, from 1, when all of it has been on the screen. */
  readonly onPageSeen?: (page: number, seen: number, of: number) => void;
  readonly ref?: Ref<PdfPagesHandle>;
}

const zooms = [0.75, 1, 1.25, 1.5, 2] as const;
type Zoom = (typeof zooms)[number];

export function PdfPages({ pdf, label, focus = false, onPageSeen, ref }: Props) {
  const t = useText();
  const [opened, setOpened] = useState<PDFDocumentProxy | 'broken' | null>(null);
  const [zoom, setZoom] = useState<Zoom>(1);
  const box = useRef<HTMLDivElement>(null);
  const looked = useRef(new Map<number, Coverage>());
  const told = useRef(onPageSeen);
  told.current = onPageSeen;

  useEffect(() => {
    let gone = false;
    let close: (() => void) | null = null;
    looked.current = new Map();
    setOpened(null);
    openPdf(pdf).then(
      (open) => {
        close = open.close;
        if (gone) close();
        else setOpened(open.document);
      },
      () => {
        if (!gone) setOpened('broken');
      },
    );
    return () => {
      gone = true;
      close?.();
    };
  }, [pdf]);

  const pages = opened !== null && opened !== 'broken' ? opened.numPages : 0;
  useEffect(() => {
    const at = document.activeElement;
    if (focus && (at === null || at === document.body || at.id === 'main')) box.current?.focus();
  }, [focus]);
  const look = useCallback(() => {
    const frame = box.current?.getBoundingClientRect();
    // A locked screen is drawn but not seen.
    if (!frame || frame.height === 0 || box.current?.closest('[inert]')) return;
    for (const page of box.current?.querySelectorAll<HTMLElement>('[data-drawn]') ?? []) {
      const number = Number(page.dataset.page);
      const rect = page.getBoundingClientRect();
      const before = looked.current.get(number) ?? [];
      if (rect.height === 0 || coversAll(before)) continue;
      const top = Math.max(rect.top, frame.top, 0);
      const bottom = Math.min(rect.bottom, frame.bottom, window.innerHeight);
      const now = cover(before, (top - rect.top) / rect.height, (bottom - rect.top) / rect.height);
      looked.current.set(number, now);
      if (!coversAll(now)) continue;
      const seen = [...looked.current.values()].filter(coversAll).length;
      told.current?.(number, seen, pages);
    }
  }, [pages]);
  useEffect(() => {
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, [look]);

  useImperativeHandle(ref, () => ({
    onward() {
      const at = box.current;
      if (!at) return false;
      // A page still being drawn is not gone past.
      if (pages === 0 || waiting(at)) return true;
      if (at.scrollTop + at.clientHeight < at.scrollHeight - 2) {
        at.scrollBy({ top: at.clientHeight * onwardShare });
        return true;
      }
      const missed = firstMissed(at, looked.current);
      if (missed === null) return false;
      at.scrollTop = missed;
      return true;
    },
  }));

  return (
    <div className={styles.paper}>
      <div className={styles.bar}>
        <span role="status">{pages > 0 && t('documents.pages', { n: pages })}</span>
        <div className={styles.zoom}>
          <Button
            variant="default"
            size="compact-md"
            disabled={zoom === zooms[0]}
            onClick={() => setZoom(next(zoom, -1))}
          >
            {t('documents.smaller')}
          </Button>
          <Button
            variant="default"
            size="compact-md"
            disabled={zoom === zooms.at(-1)}
            onClick={() => setZoom(next(zoom, 1))}
          >
            {t('documents.larger')}
          </Button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1) */}
      <section className={styles.pages} ref={box} tabIndex={0} aria-label={label} onScroll={look}>
        {opened === null && <Loading label={t('documents.opening')} />}
        {opened === 'broken' && <p role="alert">{t('documents.broken')}</p>}
        {opened !== null &&
          opened !== 'broken' &&
          Array.from({ length: pages }, (_, at) => (
            <Page
              // biome-ignore lint/suspicious/noArrayIndexKey: a page is its number
              key={at}
              document={opened}
              number={at + 1}
              of={pages}
              zoom={zoom}
              onDrawn={look}
            />
          ))}
      </section>
    </div>
  );
}

/** A screenful less two lines, so that nothing is lost between two. */
const onwardShare = 0.88;
const next = (zoom: Zoom, step: 1 | -1): Zoom => zooms[zooms.indexOf(zoom) + step] ?? zoom;

const pagesIn = (box: HTMLElement): readonly HTMLElement[] => [
  ...box.querySelectorAll<HTMLElement>('[data-page]'),
];

/** A page in sight is not drawn yet. */
function waiting(box: HTMLElement): boolean {
  const frame = box.getBoundingClientRect();
  return pagesIn(box).some((page) => {
    const { top, bottom } = page.getBoundingClientRect();
    return page.dataset.drawn === undefined && bottom > frame.top && top < frame.bottom;
  });
}

/** Where to scroll for what has not been on the screen; null when all of it was. */
function firstMissed(box: HTMLElement, looked: ReadonlyMap<number, Coverage>): number | null {
  for (const page of pagesIn(box)) {
    const coverage = looked.get(Number(page.dataset.page)) ?? [];
    if (coversAll(coverage)) continue;
    const seenTo = coverage[0] !== undefined && coverage[0][0] <= 0.02 ? coverage[0][1] : 0;
    const { top, height } = page.getBoundingClientRect();
    return box.scrollTop + (top - box.getBoundingClientRect().top) + height * seenTo - 8;
  }
  return null;
}

function Page({
  document,
  number,
  of,
  zoom,
  onDrawn,
}: {
  readonly document: PDFDocumentProxy;
  readonly number: number;
  readonly of: number;
  readonly zoom: number;
  readonly onDrawn: () => void;
}) {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const sheet = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(false);
  const [words, setWords] = useState('');
  const width = useWidth(place);
  const near = useNear(place);

  useEffect(() => {
    if (width === 0) return;
    let task: RenderTask | null = null;
    let gone = false;
    async function draw(): Promise<void> {
      const page = await document.getPage(number);
      const on = canvas.current;
      if (gone || !on || !sheet.current) return;
      const natural = page.getViewport({ scale: 1 });
      const wide = Math.min(width * zoom, widestPx);
      sheet.current.style.width = `${Math.round(wide)}px`;
      sheet.current.style.height = `${Math.round((wide / natural.width) * natural.height)}px`;
      if (!near) {
        on.width = 0;
        setDrawn(false);
        return;
      }
      const viewport = page.getViewport({ scale: (wide / natural.width) * window.devicePixelRatio });
      // Drawn beside and then put in its place: a page that is being read must not flash white.
      const beside = globalThis.document.createElement('canvas');
      beside.width = Math.round(viewport.width);
      beside.height = Math.round(viewport.height);
      task = page.render({ canvas: beside, viewport });
      await task.promise;
      if (gone) return;
      on.width = beside.width;
      on.height = beside.height;
      on.getContext('2d')?.drawImage(beside, 0, 0);
      setDrawn(true);
      const { items } = await page.getTextContent();
      if (!gone)
        setWords(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join(''));
    }
    draw().catch(() => undefined);
    return () => {
      gone = true;
      task?.cancel();
    };
  }, [document, number, width, zoom, near]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page drawn anew at another size may show more of itself
  useEffect(() => {
    if (drawn) onDrawn();
  }, [drawn, width, zoom, onDrawn]);

  return (
    <div ref={place} className={styles.place}>
      <article
        ref={sheet}
        className={styles.page}
        aria-label={t('documents.page', { n: number, of })}
        data-page={number}
        data-drawn={drawn || undefined}
      >
        <canvas ref={canvas} />
        <div className={styles.words}>{words}</div>
      </article>
    </div>
  );
}

/** Wider makes no print clearer, and canvases cost an old PC's memory. */
const widestPx = 1600;

function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const at = place.current;
    if (!at) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      const now = Math.floor(at.clientWidth);
      // Once it has come to rest: pulling at a window must not draw every page at every pixel.
      timer = setTimeout(() => setWidth(now), width === 0 ? 0 : restMs);
    });
    observer.observe(at);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [place, width]);
  return width;
}
const restMs = 150;

/** Only pages a screen or two away are drawn: forty pages of a treatment sheet would be a hundred megabytes. */
function useNear(place: { readonly current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const at = place.current;
    if (!at) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      root: at.parentElement,
      rootMargin: '200% 0px',
    });
    observer.observe(at);
    return () => observer.disconnect();
  }, [place]);
  return near;
}
