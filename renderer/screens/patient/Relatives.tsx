// Relatives are persons of their own: name, relation, phone, guardian; a bond that ended stays readable.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { showDone, showFailure, showUndo } from '../../parts/UndoToast.tsx';
import { hasGuardian, isUnder, type Relation, relationCodes } from '../registration/form.ts';
import type { Patient } from './index.tsx';
import styles from './Patient.module.css';

type Held = Patient['relatives'][number];

interface Props {
  readonly patient: Patient;
  readonly mayWrite: boolean;
}

export function Relatives({ patient, mayWrite }: Props) {
  const t = useText();
  const end = useOrder('patients.endRelative');
  const [form, setForm] = useState<'new' | Held | null>(null);
  const current = patient.relatives.filter((r) => r.endedAt === null);
  const past = patient.relatives.filter((r) => r.endedAt !== null);
  const guardianMissing =
    isUnder(6, patient.demographics.birthDate, Date.now()) &&
    !hasGuardian(current.map((r) => ({ ...r, phone: r.phone ?? '' })));

  async function endNow(relative: Held): Promise<void> {
    const result = await end.run({ patientId: patient.patientId, id: relative.id });
    if (result.ok) showUndo(result.value.undo, t('patient.relativeEnded', { name: relative.fullName }));
    else showFailure(result.error);
  }

  return (
    <section className={styles.panel}>
      <div className={styles.head}>
        <h2>{t('registration.relatives')}</h2>
        {mayWrite && form === null && (
          <Button variant="default" onClick={() => setForm('new')}>
            {t('registration.addRelative')}
          </Button>
        )}
      </div>
      {guardianMissing && <p className={styles.warning}>▲ {t('registration.needGuardian')}</p>}
      {form !== null && (
        <RelativeForm
          key={form === 'new' ? 'new' : form.id}
          patientId={patient.patientId}
          {...(form === 'new' ? {} : { editing: form })}
          onClose={() => setForm(null)}
        />
      )}
      {patient.relatives.length === 0 ? (
        <p className={styles.quiet}>{t('patient.noRelatives')}</p>
      ) : (
        <table className={styles.table}>
          <tbody>
            {[...current, ...past].map((r) => (
              <tr key={r.id} data-off={r.endedAt !== null || undefined}>
                <th scope="row">
                  {r.fullName} {r.isGuardian && <Tag tone="accent">{t('patient.guardianTag')}</Tag>}
                </th>
                <td>{t(`patient.relation.${r.relation}`)}</td>
                <td>{r.phone}</td>
                <td data-plain>
                  {r.endedAt !== null
                    ? t('patient.endedOn', { date: day(r.endedAt) })
                    : mayWrite && (
                        <>
                          <Button size="compact-md" variant="default" onClick={() => setForm(r)}>
                            {t('common.edit')}
                          </Button>{' '}
                          <Button size="compact-md" variant="default" onClick={() => void endNow(r)}>
                            {t('patient.endRelative')}
                          </Button>
                        </>
                      )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function RelativeForm({
  patientId,
  editing,
  onClose,
}: {
  readonly patientId: string;
  readonly editing?: Held;
  readonly onClose: () => void;
}) {
  const t = useText();
  const add = useOrder('patients.addRelative');
  const update = useOrder('patients.updateRelative');
  const [fullName, setFullName] = useState(editing?.fullName ?? '');
  const [relation, setRelation] = useState<Relation>(editing?.relation ?? 'mother');
  const [phone, setPhone] = useState(editing?.phone ?? '');
  const [isGuardian, setGuardian] = useState(editing?.isGuardian ?? false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (fullName.trim() === '') return;
    const relative = { fullName, relation, phone: phone.trim() === '' ? null : phone, isGuardian };
    const result = editing
      ? await update.run({ patientId, id: editing.id, set: relative, saw: editing.versions })
      : await add.run({ patientId, relative });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showDone(t('common.saved'));
    onClose();
  }

  return (
    <form noValidate onKeyDown={enterMovesOn} onSubmit={(event) => event.preventDefault()}>
      <div className={styles.grid}>
        <TextInput
          label={t('registration.relativeName')}
          required
          autoFocus
          autoComplete="off"
          maxLength={80}
          value={fullName}
          error={tried && fullName.trim() === '' && t('field.required')}
          onChange={(event) => setFullName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('registration.relation')}
          value={relation}
          onChange={(event) =>
            setRelation(relationCodes.find((code) => code === event.currentTarget.value) ?? 'other')
          }
        >
          {relationCodes.map((code) => (
            <option key={code} value={code}>
              {t(`patient.relation.${code}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label={t('registration.phone')}
          inputMode="tel"
          autoComplete="off"
          maxLength={20}
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        <Checkbox
          className={styles.wide}
          label={t('registration.guardian')}
          checked={isGuardian}
          onChange={(event) => setGuardian(event.currentTarget.checked)}
        />
      </div>
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={add.running || update.running} onPress={() => void save()}>
          {t('common.save')}
        </KeyButton>
      </div>
    </form>
  );
}
