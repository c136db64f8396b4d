// The papers that wait, oldest first: what it is, whose, since when, and whether it was read and ticked, in words.
import type { Ref } from 'react';
import { useEffect, useId, useRef } from 'react';
import { ago } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { useNow } from '../../parts/use-now.ts';
import styles from './Signing.module.css';
import type { QueueItem } from './signing-types.ts';
import { isTicked, itemKey, type Ticks } from './ticks.ts';

interface Props {
  readonly items: readonly QueueItem[];
  readonly shown: number;
  readonly ticks: Ticks;
  readonly wasRead: (item: QueueItem) => boolean;
  readonly onShow: (at: number) => void;
  readonly onTick: (item: QueueItem) => void;
  readonly ref: Ref<HTMLDivElement>;
}

export function QueueList({ items, shown, ticks, wasRead, onShow, onTick, ref }: Props) {
  const t = useText();
  const now = useNow();
  const id = useId();
  const inner = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the one shown comes into sight
  useEffect(() => {
    inner.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  return (
    <div
      ref={ref}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label={t('signing.queueTitle')}
      aria-multiselectable="true"
      aria-activedescendant={`${id}-${shown}`}
    >
      <div ref={inner} role="presentation">
        {items.map((item, at) => {
          const { document, stepLabel, since, delegatedBy } = item;
          const read = wasRead(item);
          const ticked = read && isTicked(ticks, item);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles keys for all of them
            <div
              key={itemKey(item)}
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={ticked}
              aria-current={at === shown}
              onClick={() => onShow(at)}
              onDoubleClick={() => onTick(item)}
            >
              <span className={styles.tick} data-ticked={ticked || undefined} aria-hidden="true">
                {ticked ? '☑' : '☐'}
              </span>
              <span className={styles.itemWords}>
                <b>{document.title}</b>
                <span>{document.patientName}</span>
                <span className={styles.quiet}>
                  {stepLabel} · {ago(t, since, now)}
                  {delegatedBy !== null && ` · ${t('signing.delegatedBy', { name: delegatedBy })}`}
                </span>
                <span className={ticked ? styles.good : styles.quiet}>
                  {t(ticked ? 'signing.ticked' : read ? 'signing.read' : 'signing.unread')}
                </span>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
