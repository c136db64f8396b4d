// One set of vital signs, typed with Enter alone. The boxes keep what is typed; what is odd is said under them, and an
// unusual value is saved only on the second Ctrl+S, which is the person's word that it was measured so.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { news2Acknowledgement } from '../../../shared/codes/news2.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { DraftLine } from '../../parts/DraftLine.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { RestoreOffer } from '../../parts/RestoreOffer.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { useReturnFocus } from '../../parts/use-return-focus.ts';
import { useDraft } from '../../parts/useDraft.ts';
import { VitalBoxField } from '../../parts/VitalBoxField.tsx';
import {
  emptySet,
  isBlank,
  readSet,
  type TypedSet,
  typedSetFromDraft,
  typedSetOf,
  type VitalBox,
  vitalBoxes,
} from '../../parts/vital-set.ts';
import styles from './Chart.module.css';
import type { Observation } from './chart-geometry.ts';
import form from './VitalsForm.module.css';

interface Props {
  readonly admissionId: string;
  readonly patientId: string;
  /** The set to be corrected; without it a new one is written. */
  readonly correcting?: Observation;
  readonly onClose: () => void;
}

const sites = ['axillary', 'oral', 'ear', 'forehead', 'rectal'] as const;
const postures = ['lying', 'sitting', 'standing'] as const;

export function VitalsForm({ admissionId, patientId, correcting, onClose }: Props) {
  const t = useText();
  useReturnFocus();
  const record = useOrder('observations.record');
  const correct = useOrder('observations.correct');
  const draft = useDraft(`vitals:${correcting?.observationId ?? admissionId}`, { patientId, admissionId });
  const [typed, setTyped] = useState<TypedSet>(() => (correcting ? typedSetOf(correcting.values) : emptySet));
  const [at, setAt] = useState<number | null>(() => correcting?.at ?? Date.now());
  const [site, setSite] = useState(correcting?.methods.temperatureSite ?? null);
  const [posture, setPosture] = useState(correcting?.methods.posture ?? null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [askedFor, setAskedFor] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [original] = useState(typed);
  const { keep } = draft;
  useEffect(() => keep(typed === original ? null : JSON.stringify(typed)), [typed, original, keep]);

  const read = readSet(typed);
  const type = (box: VitalBox, value: string) => setTyped((set) => ({ ...set, [box]: value }));
  const asks = read.unusual.join();
  const wrong = vitalBoxes.find((box) => read.notes[box]?.level === 'block');

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (wrong || at === null || isBlank(typed) || (correcting && reason.trim() === '')) return;
    if (asks !== '' && askedFor !== asks) {
      setAskedFor(asks);
      return;
    }
    const methods = {
      temperatureSite: site,
      posture,
      pressureSite: correcting?.methods.pressureSite ?? null,
    };
    const measured = { values: read.values, methods, confirmed: [...read.unusual], at };
    const result = correcting
      ? await correct.run({
          ...measured,
          observationId: correcting.observationId,
          reason,
          note: correcting.note,
        })
      : await record.run({ ...measured, admissionId });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    await draft.discard();
    const undo = 'undo' in result.value ? result.value.undo : undefined;
    showUndo(
      typeof undo === 'string' ? undo : undefined,
      t(correcting ? 'vitals.corrected' : 'vitals.saved'),
    );
    onClose();
  }

  return (
    <form
      className={styles.panel}
      data-open
      noValidate
      onKeyDown={enterMovesOn}
      onSubmit={(event) => event.preventDefault()}
    >
      <h2>{t(correcting ? 'vitals.correctTitle' : 'vitals.newTitle')}</h2>
      <RestoreOffer draft={draft} onRestore={(content) => setTyped(typedSetFromDraft(content))} />
      <div className={form.boxes}>
        <TimeField
          className={form.time ?? ''}
          label={t('vitals.time')}
          value={at}
          onChange={setAt}
          error={tried && at === null && t('common.notATime')}
        />
        {vitalBoxes.map((box) => (
          <VitalBoxField
            key={box}
            box={box}
            value={typed[box]}
            note={read.notes[box]}
            autofocus={box === 'pulse'}
            onType={type}
          />
        ))}
        <NativeSelect
          label={t('vitals.site')}
          value={site ?? ''}
          onChange={(event) => setSite(sites.find((s) => s === event.currentTarget.value) ?? null)}
        >
          <option value="">–</option>
          {sites.map((s) => (
            <option key={s} value={s}>
              {t(`vitals.site.${s}`)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label={t('vitals.posture')}
          value={posture ?? ''}
          onChange={(event) => setPosture(postures.find((p) => p === event.currentTarget.value) ?? null)}
        >
          <option value="">–</option>
          {postures.map((p) => (
            <option key={p} value={p}>
              {t(`vitals.posture.${p}`)}
            </option>
          ))}
        </NativeSelect>
        {correcting && (
          <TextInput
            className={form.reason ?? ''}
            label={t('vitals.reason')}
            required
            value={reason}
            maxLength={300}
            error={tried && reason.trim() === '' && t('error.reason_required')}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </div>
      {tried && isBlank(typed) && <p className={form.ask}>▲ {t('error.nothing_recorded')}</p>}
      {askedFor !== '' && askedFor === asks && (
        <p className={form.ask} role="alert">
          ▲ {t('vitals.confirmUnusual')}
        </p>
      )}
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.row}>
        <DraftLine draft={draft} />
        <span className={styles.quiet} title={news2Acknowledgement}>
          {t('vitals.news2Source')}
        </span>
        <div className={`${styles.row} ${styles.end}`}>
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          <KeyButton keyName="Ctrl+S" loading={record.running || correct.running} onPress={() => void save()}>
            {t('vitals.save')}
          </KeyButton>
        </div>
      </div>
    </form>
  );
}
