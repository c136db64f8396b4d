// Two hands, palms down, a finger chosen by its number key, by arrows or by pressing it. Which fingers were taken is
// told by a filled tip with a tick, never by colour alone.
import { type KeyboardEvent, useRef } from 'react';
import { useText } from '../../i18n/index.ts';
import { type Finger, fingerName, fingersLeftToRight, keyOf } from './fingers.ts';
import styles from './HandPicture.module.css';

interface Props {
  readonly value: Finger;
  readonly taken: readonly Finger[];
  readonly onPick: (finger: Finger) => void;
  readonly autofocus?: boolean;
}

/** Drawn for the left hand, little finger first; the right hand is its mirror. Units: the picture's 300 × 220. */
const leftHand = [
  { x: 30, top: 68, width: 30, foot: 150, turn: -14 },
  { x: 70, top: 42, width: 34, foot: 140, turn: -6 },
  { x: 112, top: 24, width: 36, foot: 136, turn: 0 },
  { x: 156, top: 40, width: 36, foot: 140, turn: 5 },
  { x: 170, top: 116, width: 40, foot: 208, turn: 42 },
] as const;
const handWidth = 300;

export function HandPicture({ value, taken, onPick, autofocus = false }: Props) {
  const t = useText();
  const group = useRef<HTMLDivElement>(null);
  const pick = (finger: Finger | undefined) => {
    if (finger === undefined) return;
    onPick(finger);
    group.current?.querySelector<HTMLElement>(`[data-finger="${finger}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = fingersLeftToRight.indexOf(value);
    const last = fingersLeftToRight.length - 1;
    const byArrow: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowUp: Math.max(0, at - 1),
      ArrowRight: Math.min(last, at + 1),
      ArrowDown: Math.min(last, at + 1),
      Home: 0,
      End: last,
    };
    const to = byArrow[event.key];
    const finger =
      to === undefined
        ? fingersLeftToRight.find((each) => keyOf(each) === event.key)
        : fingersLeftToRight[to];
    if (finger === undefined) return;
    event.preventDefault();
    pick(finger);
  };
  return (
    <div
      className={styles.hands}
      role="radiogroup"
      aria-label={t('fingerprint.hands')}
      onKeyDown={onKey}
      ref={group}
    >
      <Hand side="left" {...{ value, taken, autofocus }} onPick={pick} />
      <Hand side="right" {...{ value, taken, autofocus }} onPick={pick} />
    </div>
  );
}

function Hand({
  side,
  value,
  taken,
  onPick,
  autofocus,
}: Omit<Props, 'autofocus'> & { readonly side: 'left' | 'right'; readonly autofocus: boolean }) {
  const t = useText();
  const five = side === 'left' ? fingersLeftToRight.slice(0, 5) : fingersLeftToRight.slice(5).toReversed();
  const mirrored = (x: number) => (side === 'left' ? x : handWidth - x);
  return (
    <div className={styles.hand}>
      <svg viewBox={`0 0 ${handWidth} 250`} className={styles.picture} aria-hidden="true">
        {leftHand.map((shape, index) => {
          const finger = five[index];
          if (finger === undefined) return null;
          const middle = mirrored(shape.x + shape.width / 2);
          return (
            <g
              key={finger}
              className={styles.finger}
              data-chosen={finger === value || undefined}
              data-taken={taken.includes(finger) || undefined}
              transform={`rotate(${side === 'left' ? shape.turn : -shape.turn} ${middle} ${shape.foot})`}
            >
              <rect
                x={middle - shape.width / 2}
                y={shape.top}
                width={shape.width}
                height={shape.foot - shape.top + 12}
                rx={shape.width / 2}
              />
              <path d={nail(middle, shape.top, shape.width)} />
              <text
                x={middle}
                y={shape.top + 50}
                transform={`rotate(${side === 'left' ? -shape.turn : shape.turn} ${middle} ${shape.top + 44})`}
              >
                {keyOf(finger)}
              </text>
            </g>
          );
        })}
        <path
          className={styles.palm}
          transform={side === 'left' ? undefined : `translate(${handWidth} 0) scale(-1 1)`}
          d="M26 160 Q26 142 46 140 L168 140 Q186 142 188 162 L196 196 Q186 236 150 244 L84 244 Q46 238 38 206 Z"
        />
      </svg>
      <div className={styles.buttons}>
        {five.map((finger, index) => {
          const shape = leftHand[index];
          if (!shape) return null;
          const has = taken.includes(finger);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a radio input can't carry a drawn finger
            <button
              key={finger}
              type="button"
              role="radio"
              aria-checked={finger === value}
              aria-label={`${fingerName(t, finger)}${has ? `, ${t('fingerprint.hasPrint')}` : ''}`}
              aria-keyshortcuts={keyOf(finger)}
              tabIndex={finger === value ? 0 : -1}
              data-finger={finger}
              data-at={`${side}${index}`}
              data-taken={has || undefined}
              className={styles.pick}
              onClick={() => onPick(finger)}
              {...(autofocus && finger === value ? { 'data-autofocus': true } : {})}
            >
              {keyOf(finger)}
              {has && <span aria-hidden="true"> ✓</span>}
            </button>
          );
        })}
      </div>
      <span className={styles.side}>
        {t(side === 'left' ? 'fingerprint.leftHand' : 'fingerprint.rightHand')}
      </span>
    </div>
  );
}

/** Drawn at the tip, so that it is plain which side is up. */
function nail(middle: number, top: number, width: number): string {
  const half = width * 0.26;
  return `M${middle - half} ${top + 22} v-7 q${half} -10 ${half * 2} 0 v7 z`;
}
