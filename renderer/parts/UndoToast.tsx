// The line at the bottom that says what was done and, for 8 seconds, takes it back (Ctrl+Z outside text fields).
import { Button, CloseButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useOrder } from '../app/api.ts';
import { useKeys } from '../app/keys.tsx';
import { useText } from '../i18n/index.ts';
import { currentNotices, dismiss, followNotices, type Notice, showDone, showFailure } from './notices.ts';
import styles from './UndoToast.module.css';

export { showDone, showFailure, showUndo } from './notices.ts';

/** Placed once, in the frame. */
export function Notices() {
  const t = useText();
  const notices = useSyncExternalStore(followNotices, currentNotices);
  const undo = useOrder('undo.apply');
  const undoable = notices.findLast((notice) => notice.undo !== undefined);
  const takeBack = async (notice: Notice) => {
    if (notice.undo === undefined) return;
    const result = await undo.run({ undo: notice.undo });
    dismiss(notice.id);
    if (result.ok) showDone(t('common.undone'));
    else showFailure(result.error);
  };
  useKeys(undoable && !typing() ? { 'Ctrl+Z': () => void takeBack(undoable) } : {});
  return (
    <div className={styles.region}>
      <div role="status">
        {notices
          .filter((notice) => notice.kind !== 'failure')
          .map((notice) => (
            <div key={notice.id} className={styles.done}>
              <span>{notice.text}</span>
              {notice.undo !== undefined && (
                <Button
                  variant="white"
                  size="compact-md"
                  loading={undo.running}
                  onClick={() => void takeBack(notice)}
                >
                  {t('common.undo')} <Seconds until={notice.until} />
                </Button>
              )}
              <CloseButton
                className={styles.close}
                aria-label={t('common.close')}
                onClick={() => dismiss(notice.id)}
              />
            </div>
          ))}
      </div>
      <div role="alert">
        {notices.map(
          (notice) =>
            notice.failure && (
              <div key={notice.id} className={styles.failure}>
                <span>{t.failure(notice.failure)}</span>
                <CloseButton
                  className={styles.close}
                  aria-label={t('common.close')}
                  onClick={() => dismiss(notice.id)}
                />
              </div>
            ),
        )}
      </div>
    </div>
  );
}

/** Ctrl+Z inside a text field belongs to the text. */
const typing = () => document.activeElement?.matches('input, textarea, [contenteditable]') ?? false;

function Seconds({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span aria-hidden="true" className={styles.seconds}>
      {Math.max(0, Math.ceil((until - now) / 1000))}
    </span>
  );
}
