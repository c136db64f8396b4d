// The question that comes before the first order: asked here, answered here, without leaving the entry.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { showFailure, showUndo } from '../../parts/UndoToast.tsx';
import { AllergyForm } from './AllergyForm.tsx';
import styles from './Chart.module.css';
import sheet from './Sheet.module.css';

interface Props {
  readonly patientId: string;
  /** Orders were about to be saved without an answer. */
  readonly urgent: boolean;
}

export function AllergyQuestion({ patientId, urgent }: Props) {
  const t = useText();
  const { can } = useSession();
  const none = useOrder('allergies.declareNone');
  const [adding, setAdding] = useState(false);
  const section = useRef<HTMLElement>(null);
  // It stands above a long form: whoever pressed save at its end must see why nothing was saved.
  useEffect(() => {
    if (urgent) section.current?.scrollIntoView({ block: 'center' });
  }, [urgent]);

  async function declareNone(): Promise<void> {
    const result = await none.run({ patientId });
    if (result.ok) showUndo(result.value.undo, t('allergies.noneSaved'));
    else showFailure(result.error);
  }

  return (
    <section
      ref={section}
      className={sheet.allergy}
      data-urgent={urgent || undefined}
      role={urgent ? 'alert' : undefined}
      aria-label={t('allergies.question')}
    >
      <p>{t('allergies.question')}</p>
      {!can('allergy.write') ? (
        <span>{t('allergies.askSomeone')}</span>
      ) : adding ? (
        <AllergyForm patientId={patientId} onClose={() => setAdding(false)} />
      ) : (
        <div className={styles.row}>
          <Button variant="default" loading={none.running} onClick={() => void declareNone()}>
            {t('common.allergyNone')}
          </Button>
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('allergies.addOne')}
          </Button>
        </div>
      )}
    </section>
  );
}
