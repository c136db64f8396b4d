// One allergy: to what, which class, what happened, how badly, how sure.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { allergyClasses } from '../../../shared/codes/allergy-classes.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PickField } from '../../parts/PickField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { useReturnFocus } from '../../parts/use-return-focus.ts';
import styles from './Chart.module.css';
import sheet from './Sheet.module.css';

type AllergyInput = Input<'allergies.add'>['allergy'];
export type AllergyItem = Output<'allergies.get'>['items'][number];

interface Props {
  readonly patientId: string;
  readonly editing?: AllergyItem;
  readonly onClose: () => void;
}

const severities = ['unknown', 'mild', 'moderate', 'severe'] as const;
const certainties = ['suspected', 'confirmed'] as const;
const empty: AllergyInput = {
  substance: '',
  classCode: null,
  reaction: '',
  severity: 'unknown',
  certainty: 'suspected',
  note: null,
};

export function AllergyForm({ patientId, editing, onClose }: Props) {
  const t = useText();
  useReturnFocus();
  const add = useOrder('allergies.add');
  const update = useOrder('allergies.update');
  const [allergy, setAllergy] = useState<AllergyInput>(editing ? inputOf(editing) : empty);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const set = (part: Partial<AllergyInput>) => setAllergy((a) => ({ ...a, ...part }));

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (allergy.substance.trim() === '') return;
    const result = editing
      ? await update.run({
          patientId,
          id: editing.id,
          set: changed(inputOf(editing), allergy),
          saw: editing.versions,
        })
      : await add.run({ patientId, allergy });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(result.value.undo, t('allergies.saved', { what: allergy.substance.trim() }));
    onClose();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a group of fields inside another form; Enter moves between them
    <div
      onKeyDown={(event) => {
        enterMovesOn(event);
        // Only Enter: other keys (Ctrl+S) are heard at the window.
        if (event.key === 'Enter') event.stopPropagation();
      }}
    >
      <div className={sheet.allergyForm}>
        <TextInput
          label={t('allergies.substance')}
          required
          autoFocus
          autoComplete="off"
          maxLength={120}
          value={allergy.substance}
          error={tried && allergy.substance.trim() === '' && t('field.required')}
          onChange={(event) => set({ substance: event.currentTarget.value })}
        />
        <PickField
          label={t('allergies.class')}
          rows={allergyClasses}
          value={allergy.classCode}
          onPick={(classCode) => set({ classCode })}
        />
        <TextInput
          label={t('allergies.reaction')}
          autoComplete="off"
          maxLength={300}
          value={allergy.reaction}
          onChange={(event) => set({ reaction: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('allergies.severity')}
          value={allergy.severity}
          onChange={(event) =>
            set({ severity: severities.find((s) => s === event.currentTarget.value) ?? 'unknown' })
          }
        >
          {severities.map((s) => (
            <option key={s} value={s}>
              {t(`allergies.severity.${s}`)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label={t('allergies.certainty')}
          value={allergy.certainty}
          onChange={(event) =>
            set({ certainty: certainties.find((c) => c === event.currentTarget.value) ?? 'suspected' })
          }
        >
          {certainties.map((c) => (
            <option key={c} value={c}>
              {t(`allergies.certainty.${c}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label={t('allergies.note')}
          autoComplete="off"
          maxLength={300}
          value={allergy.note ?? ''}
          onChange={(event) =>
            set({ note: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
        />
      </div>
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.row}>
        <KeyButton keyName="Ctrl+S" loading={add.running || update.running} onPress={() => void save()}>
          {t('allergies.save')}
        </KeyButton>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  );
}

const inputOf = ({
  substance,
  classCode,
  reaction,
  severity,
  certainty,
  note,
}: AllergyItem): AllergyInput => ({
  substance,
  classCode,
  reaction,
  severity,
  certainty,
  note,
});

/** Only what was changed travels, so that two people who edit different fields don't collide. */
function changed(before: AllergyInput, now: AllergyInput): Partial<AllergyInput> {
  return {
    ...(now.substance === before.substance ? {} : { substance: now.substance }),
    ...(now.classCode === before.classCode ? {} : { classCode: now.classCode }),
    ...(now.reaction === before.reaction ? {} : { reaction: now.reaction }),
    ...(now.severity === before.severity ? {} : { severity: now.severity }),
    ...(now.certainty === before.certainty ? {} : { certainty: now.certainty }),
    ...(now.note === before.note ? {} : { note: now.note }),
  };
}
