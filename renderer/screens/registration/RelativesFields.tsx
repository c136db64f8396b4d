// Who to call and who decides for a child: name, relation, phone, guardian.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { memo } from 'react';
import { useText } from '../../i18n/index.ts';
import { emptyRelative, type RelativeForm, relationCodes } from './form.ts';
import styles from './Registration.module.css';

interface Props {
  readonly relatives: readonly RelativeForm[];
  readonly warning: string | undefined;
  readonly onChange: (relatives: readonly RelativeForm[]) => void;
}

export const RelativesFields = memo(function RelativesFields({ relatives, warning, onChange }: Props) {
  const t = useText();
  const set = (at: number, part: Partial<RelativeForm>) =>
    onChange(relatives.map((r, i) => (i === at ? { ...r, ...part } : r)));
  return (
    <fieldset className={styles.group}>
      <legend>{t('registration.relatives')}</legend>
      {warning && <p className={styles.warning}>▲ {t.of(warning)}</p>}
      {relatives.map((relative, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity before they are saved and never reorder
        <div key={at} className={styles.relative}>
          <TextInput
            className={styles.w4}
            label={t('registration.relativeName')}
            value={relative.fullName}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => set(at, { fullName: event.currentTarget.value })}
          />
          <NativeSelect
            className={styles.w3}
            label={t('registration.relation')}
            value={relative.relation}
            onChange={(event) =>
              set(at, { relation: relationCodes.find((r) => r === event.currentTarget.value) ?? 'other' })
            }
          >
            {relationCodes.map((code) => (
              <option key={code} value={code}>
                {t(`patient.relation.${code}`)}
              </option>
            ))}
          </NativeSelect>
          <TextInput
            className={styles.w3}
            label={t('registration.phone')}
            value={relative.phone}
            maxLength={20}
            inputMode="tel"
            autoComplete="off"
            onChange={(event) => set(at, { phone: event.currentTarget.value })}
          />
          <Button
            className={styles.w2}
            variant="default"
            onClick={() => onChange(relatives.filter((_, i) => i !== at))}
          >
            {t('registration.removeRelative')}
          </Button>
          <Checkbox
            className={styles.w12}
            label={t('registration.guardian')}
            checked={relative.isGuardian}
            onChange={(event) => set(at, { isGuardian: event.currentTarget.checked })}
          />
        </div>
      ))}
      {relatives.length < 8 && (
        <Button
          variant="default"
          data-enter
          onClick={() => onChange([...relatives, { ...emptyRelative, isGuardian: warning !== undefined }])}
        >
          {t('registration.addRelative')}
        </Button>
      )}
    </fieldset>
  );
});
