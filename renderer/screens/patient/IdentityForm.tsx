// Correcting identity: only changed fields travel, with the versions this screen showed, so that two people who correct
// the same thing without knowing of each other are found out instead of one winning silently.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type ChangeEvent, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { birth } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PickField } from '../../parts/PickField.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { AddressFields } from '../registration/AddressFields.tsx';
import { addressOf, birthOf, sexes } from '../registration/form.ts';
import { identityEdit } from './identity-edit.ts';
import type { Patient } from './index.tsx';
import styles from './Patient.module.css';

const bloodGroups = ['A', 'B', 'AB', 'O'] as const;
const rhesusSigns = ['+', '-'] as const;

export function IdentityForm({
  patient,
  onClose,
}: {
  readonly patient: Patient;
  readonly onClose: () => void;
}) {
  const t = useText();
  const lists = useAnswer('catalogues.small', {});
  const update = useOrder('patients.update');
  const before = patient.demographics;
  const [d, setD] = useState(before);
  const [born, setBorn] = useState(birth(before.birthDate) ?? '');
  const [address, setAddress] = useState({
    provinceCode: before.address?.provinceCode ?? null,
    communeCode: before.address?.communeCode ?? null,
    provinceName: '',
    communeName: '',
    street: before.address?.street ?? '',
  });
  const [addressTouched, setAddressTouched] = useState(false);
  const [identified, setIdentified] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const set = (part: Partial<typeof d>) => setD((all) => ({ ...all, ...part }));
  const communes = useAnswer(
    'catalogues.communes',
    { provinceCode: address.provinceCode ?? '' },
    { enabled: address.provinceCode !== null },
  );

  const birthDate = birthOf(born, Date.now());
  const badBirth = born.trim() !== '' && birthDate === null;
  const now = { ...d, birthDate, address: addressTouched ? newAddress() : before.address };
  const edit = identityEdit(before, now, patient.versions);
  const nothing = Object.keys(edit.set).length === 0 && !identified;
  const text = (field: 'fullName' | 'phone' | 'nationality' | 'workplace', max: number) => ({
    label: t(`registration.${field}`),
    value: d[field] ?? '',
    maxLength: max,
    autoComplete: 'off',
    error: failure?.fields?.[`set.${field}`] && t.of(failure.fields[`set.${field}`] ?? ''),
    onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [field]: event.currentTarget.value }),
  });

  function newAddress(): typeof before.address {
    const named = {
      ...address,
      provinceName:
        lists.data?.provinces.find((p) => p.code === address.provinceCode)?.name ?? address.provinceName,
      communeName: communes.data?.find((c) => c.code === address.communeCode)?.name ?? address.communeName,
    };
    return addressOf(named, lists.data?.addressListVersion ?? '') ?? null;
  }

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (nothing || badBirth || d.fullName.trim() === '' || (edit.needsReason && reason.trim() === '')) return;
    const result = await update.run({
      patientId: patient.patientId,
      set: edit.set,
      saw: edit.saw,
      ...(reason.trim() === '' ? {} : { reason }),
      ...(identified ? { identified } : {}),
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(result.value.undo, t('patient.updated'));
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
      <h2>{t('patient.editTitle')}</h2>
      <div className={styles.grid}>
        <TextInput
          {...text('fullName', 80)}
          autoFocus
          required
          error={(tried && d.fullName.trim() === '' && t('field.required')) || text('fullName', 80).error}
        />
        <NativeSelect
          label={t('registration.sex')}
          value={d.sex}
          onChange={(event) => set({ sex: sexes.find((s) => s === event.currentTarget.value) ?? d.sex })}
        >
          {sexes.map((sex) => (
            <option key={sex} value={sex}>
              {t.of(`common.sex${sex}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label={t('registration.birth')}
          placeholder={t('registration.birthPlaceholder')}
          value={born}
          inputMode="numeric"
          autoComplete="off"
          error={tried && badBirth && t('registration.badBirth')}
          onChange={(event) => setBorn(event.currentTarget.value)}
          onBlur={() => setBorn((typed) => birth(birthOf(typed, Date.now())) ?? typed.trim())}
        />
        <TextInput {...text('phone', 20)} inputMode="tel" />
        <PickField
          label={t('registration.ethnic')}
          rows={lists.data?.ethnicGroups}
          value={d.ethnicCode}
          onPick={(ethnicCode) => set({ ethnicCode })}
        />
        <TextInput {...text('nationality', 60)} />
        <PickField
          label={t('registration.occupation')}
          rows={lists.data?.occupations}
          value={d.occupationCode}
          onPick={(occupationCode) => set({ occupationCode })}
        />
        <TextInput {...text('workplace', 160)} />
        <AddressFields
          provinceCode={address.provinceCode}
          communeCode={address.communeCode}
          onPick={(part) => {
            setAddress((a) => ({ ...a, ...part }));
            setAddressTouched(true);
          }}
        />
        <TextInput
          label={t('registration.street')}
          maxLength={160}
          autoComplete="off"
          value={address.street}
          onChange={(event) => {
            const street = event.currentTarget.value;
            setAddress((a) => ({ ...a, street }));
            setAddressTouched(true);
          }}
        />
        <NativeSelect
          label={t('patient.bloodGroup')}
          value={d.bloodGroup ?? ''}
          onChange={(event) =>
            set({ bloodGroup: bloodGroups.find((g) => g === event.currentTarget.value) ?? null })
          }
        >
          <option value="">{t('patient.unknown')}</option>
          {bloodGroups.map((group) => (
            <option key={group} value={group}>
              {group}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label={t('field.patient.rhesus')}
          value={d.rhesus ?? ''}
          onChange={(event) =>
            set({ rhesus: rhesusSigns.find((r) => r === event.currentTarget.value) ?? null })
          }
        >
          <option value="">{t('patient.unknown')}</option>
          {rhesusSigns.map((sign) => (
            <option key={sign} value={sign}>
              {sign}
            </option>
          ))}
        </NativeSelect>
        <TimeField
          label={t('field.patient.deceasedAt')}
          value={d.deceasedAt}
          onChange={(deceasedAt) => set({ deceasedAt })}
        />
        {d.sex !== '1' && (
          <Checkbox
            className={styles.wide}
            label={t('patient.pregnant')}
            checked={d.pregnant}
            onChange={(event) => set({ pregnant: event.currentTarget.checked })}
          />
        )}
        {patient.unidentified && (
          <Checkbox
            className={styles.wide}
            label={t('patient.nowIdentified')}
            checked={identified}
            onChange={(event) => setIdentified(event.currentTarget.checked)}
          />
        )}
        {edit.needsReason && (
          <TextInput
            className={styles.wide}
            label={t('patient.reason')}
            description={t('patient.reasonHint')}
            required
            maxLength={300}
            value={reason}
            error={tried && reason.trim() === '' && t('error.reason_required')}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </div>
      {tried && nothing && <p className={styles.warning}>{t('patient.nothingChanged')}</p>}
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={update.running} onPress={() => void save()}>
          {t('common.save')}
        </KeyButton>
      </div>
    </form>
  );
}
