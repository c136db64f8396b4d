// No print could be had: of which finger, why, and what stands in for it. Needs no consent to say so.
import { Button, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { fallbacks, unableReasons } from '../../../shared/codes/fingerprints.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import styles from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import {
  type Fallback,
  type Finger,
  fingerName,
  fingersLeftToRight,
  holderOf,
  type Person,
  type Reason,
} from '../../parts/fingers/fingers.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';

interface Props {
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly person: Person;
  readonly finger: Finger | null;
  readonly reason: Reason | null;
  readonly onSaved: (finger: Finger | null, fallback: Fallback) => void;
  readonly onClose: () => void;
}

export function UnableDialog({ patientId, admissionId, person, onSaved, onClose, ...preset }: Props) {
  const t = useText();
  const { name } = person;
  const order = useOrder('fingerprint.unable');
  const [finger, setFinger] = useState(preset.finger);
  const [reason, setReason] = useState(preset.reason);
  const [note, setNote] = useState('');
  const [fallback, setFallback] = useState<Fallback>(preset.finger === null ? 'paper' : 'other_finger');
  const [witness, setWitness] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  // when none can be had, no other one stands in
  const possible = fallbacks.filter((each) => finger !== null || each !== 'other_finger');
  const missing = {
    reason: reason === null,
    note: reason === 'other' && note.trim() === '',
    witness: fallback === 'witness' && witness.trim() === '',
  };

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (reason === null || missing.note || missing.witness) return;
    const result = await order.run({
      patientId,
      holder: holderOf(person, admissionId),
      finger,
      reason,
      note: note.trim() === '' ? null : note.trim(),
      fallback,
      witness: witness.trim() === '' ? null : witness.trim(),
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    onSaved(finger, fallback);
  }

  return (
    <FingerDialog title={t('fingerprint.unableTitle', { name })} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onKeyDown={(event) => enterMovesOn(event, () => void save())}
        onSubmit={(event) => event.preventDefault()}
      >
        <NativeSelect
          label={t('fingerprint.unableWhich')}
          value={finger === null ? '' : String(finger)}
          data={[
            { value: '', label: t('fingerprint.unableAll') },
            ...fingersLeftToRight.map((each) => ({ value: String(each), label: fingerName(t, each) })),
          ]}
          data-autofocus
          onChange={(event) => {
            const one = fingersLeftToRight.find((each) => String(each) === event.currentTarget.value) ?? null;
            setFinger(one);
            if (one === null && fallback === 'other_finger') setFallback('paper');
          }}
        />
        <Radio.Group
          label={t('fingerprint.unableWhy')}
          value={reason}
          onChange={(value) => setReason(unableReasons.find((each) => each === value) ?? null)}
          error={tried && missing.reason && t('fingerprint.chooseOne')}
        >
          <div className={styles.pair}>
            {unableReasons.map((each) => (
              <Radio key={each} value={each} label={t(`fingerprint.reason.${each}`)} />
            ))}
          </div>
        </Radio.Group>
        {reason === 'other' && (
          <TextInput
            label={t('fingerprint.unableNote')}
            required
            autoComplete="off"
            maxLength={300}
            value={note}
            error={tried && missing.note && t('field.required')}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        <Radio.Group
          label={t('fingerprint.instead')}
          value={fallback}
          onChange={(value) => setFallback(fallbacks.find((each) => each === value) ?? 'paper')}
        >
          <div className={styles.across}>
            {possible.map((each) => (
              <Radio key={each} value={each} label={t(`fingerprint.fallback.${each}`)} />
            ))}
          </div>
        </Radio.Group>
        {fallback === 'witness' && (
          <TextInput
            label={t('fingerprint.witness')}
            required
            autoComplete="off"
            maxLength={120}
            value={witness}
            error={tried && missing.witness && t('field.required')}
            onChange={(event) => setWitness(event.currentTarget.value)}
          />
        )}
        {failure && <ErrorNotice failure={failure} />}
        <div className={styles.end}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
            {t('fingerprint.unableSave')}
          </KeyButton>
        </div>
      </form>
    </FingerDialog>
  );
}
