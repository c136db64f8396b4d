// "Chờ tôi ký": what waits for this person at the left, the pages at the right. A paper is ticked when it was read to its
// end, and what is ticked is signed with one PIN. Everything goes by keys: up, down, space.
import { Button } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import type { PdfPagesHandle } from '../../parts/pdf/PdfPages.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Others } from './Others.tsx';
import { QueueList } from './QueueList.tsx';
import { QueuePaper } from './QueuePaper.tsx';
import { SignDialog, type ToSign } from './SignDialog.tsx';
import styles from './Signing.module.css';
import type { QueueItem } from './signing-types.ts';
import { itemKey, type Ticks, tickAllRead, tickedOf, toggle } from './ticks.ts';

export default function SigningScreen() {
  const t = useText();
  const queue = useAnswer('signing.queue', {});
  if (queue.error)
    return (
      <Screen title={t('signing.queueTitle')} width="page">
        <ErrorNotice failure={queue.error} onRetry={() => void queue.refetch()} />
      </Screen>
    );
  if (!queue.data) return <Loading />;
  return <Queue mine={queue.data.mine} others={queue.data.others} />;
}

interface Props {
  readonly mine: readonly QueueItem[];
  readonly others: readonly QueueItem['document'][];
}

function Queue({ mine, others }: Props) {
  const t = useText();
  const [shown, setShown] = useState<string | null>(null);
  const [ticks, setTicks] = useState<Ticks>(new Map());
  const [readHere, setReadHere] = useState<ReadonlySet<string>>(new Set());
  /** What was ticked when signing began: the queue shrinks while it goes on. */
  const [signing, setSigning] = useState<readonly ToSign[] | null>(null);
  const pages = useRef<PdfPagesHandle>(null);
  const list = useRef<HTMLDivElement>(null);

  const found = mine.findIndex((item) => itemKey(item) === shown);
  const at = found === -1 ? 0 : found;
  const current = mine[at];
  const wasRead = (item: QueueItem) => item.seen || readHere.has(item.content);
  const ticked = tickedOf(mine, ticks, wasRead);
  const none = mine.length === 0;
  useEffect(() => {
    if (!none) list.current?.focus();
  }, [none]);

  const show = (index: number) => {
    const item = mine[Math.min(Math.max(index, 0), mine.length - 1)];
    if (item) setShown(itemKey(item));
  };
  const tick = (item: QueueItem) => {
    if (wasRead(item)) setTicks((before) => toggle(before, item));
  };
  function onKey(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.closest('button, a, input, textarea, select'))
      return;
    const onPages = event.target instanceof HTMLElement && event.target.closest('[data-pages]') !== null;
    if (event.key === 'j' || (event.key === 'ArrowDown' && !onPages)) show(at + 1);
    else if (event.key === 'k' || (event.key === 'ArrowUp' && !onPages)) show(at - 1);
    else if (event.key === 'Home' && !onPages) show(0);
    else if (event.key === 'End' && !onPages) show(mine.length - 1);
    else if (event.key === ' ' && current) {
      // Reads on until the end; there the same key ticks.
      if (wasRead(current) || pages.current?.onward() === false) tick(current);
    } else return;
    event.preventDefault();
  }

  return (
    <Screen
      title={t('signing.queueTitle')}
      note={t('signing.queueCount', { n: mine.length })}
      actions={
        <>
          <Link href={to.verify}>{t('signing.verifyTitle')}</Link>
          {mine.some(wasRead) && (
            <Button variant="default" onClick={() => setTicks(tickAllRead(mine, wasRead))}>
              {t('signing.tickAllRead')}
            </Button>
          )}
          {!none && (
            <KeyButton
              keyName="Ctrl+Enter"
              disabled={ticked.length === 0}
              onPress={() =>
                setSigning(
                  ticked.map((item) => ({
                    ...item,
                    title: item.document.title,
                    patientName: item.document.patientName,
                  })),
                )
              }
            >
              {ticked.length === 0 ? t('signing.signNone') : t('signing.signTicked', { n: ticked.length })}
            </KeyButton>
          )}
        </>
      }
    >
      {none ? (
        <>
          <Empty title={t('signing.nothing')} hint={t('signing.nothingHint')} />
          <Others papers={others} />
        </>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of the list work beside it too
        <div className={styles.queue} onKeyDown={onKey}>
          <div className={styles.left}>
            <QueueList
              ref={list}
              items={mine}
              shown={at}
              ticks={ticks}
              wasRead={wasRead}
              onShow={show}
              onTick={tick}
            />
            <Others papers={others} />
          </div>
          {current && (
            <QueuePaper
              key={itemKey(current)}
              ref={pages}
              item={current}
              read={wasRead(current)}
              ticked={ticked.includes(current)}
              onRead={(content) => setReadHere((before) => new Set([...before, content]))}
              onTick={() => tick(current)}
            />
          )}
        </div>
      )}
      {signing && (
        <SignDialog
          items={signing}
          onClose={() => {
            setSigning(null);
            setTicks(new Map());
          }}
        />
      )}
    </Screen>
  );
}
