// After a crash: offers the typing that was found, and leaves the choice to the person.
import { Button } from '@mantine/core';
import { shortMoment } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import styles from './DraftLine.module.css';
import type { Draft } from './useDraft.ts';

interface Props {
  readonly draft: Draft;
  readonly onRestore: (content: string) => void;
}

export function RestoreOffer({ draft, onRestore }: Props) {
  const t = useText();
  const found = draft.found === 'looking' ? undefined : draft.found[0];
  if (!found) return null;
  return (
    <div className={styles.offer} role="alert">
      <p>{t('notes.draftFound', { time: shortMoment(found.savedAt, Date.now()) })}</p>
      <Button onClick={() => void draft.takeOver(found).then(() => onRestore(found.content))}>
        {t('notes.draftRestore')}
      </Button>
      <Button variant="default" onClick={() => void draft.drop(found)}>
        {t('notes.draftDrop')}
      </Button>
    </div>
  );
}
