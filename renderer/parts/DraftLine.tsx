// Says in words that typing is safe: the draft's time to the second, or that it could not be kept.
import { useText } from '../i18n/index.ts';
import styles from './DraftLine.module.css';
import { clockWithSeconds } from './moments.ts';
import type { Draft } from './useDraft.ts';

export function DraftLine({ draft }: { readonly draft: Draft }) {
  const t = useText();
  return (
    <span className={styles.line} role="status" data-failed={draft.failed || undefined}>
      {draft.failed
        ? t('notes.draftFailed')
        : draft.savedAt !== null && t('notes.draftSaved', { time: clockWithSeconds(draft.savedAt) })}
    </span>
  );
}
