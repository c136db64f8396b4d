// Province, then commune (two levels since 2025-07-01), then house and street. Communes that differ by a tone mark
// alone stand side by side in the list, each written in full.
import { memo } from 'react';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { PickField } from '../../parts/PickField.tsx';
import type { RegistrationForm } from './form.ts';
import styles from './Registration.module.css';

export type AddressPart = Pick<
  RegistrationForm,
  'provinceCode' | 'communeCode' | 'provinceName' | 'communeName'
>;

interface Props {
  readonly provinceCode: string | null;
  readonly communeCode: string | null;
  readonly onPick: (part: Partial<AddressPart>) => void;
}

export const AddressFields = memo(function AddressFields({ provinceCode, communeCode, onPick }: Props) {
  const t = useText();
  const lists = useAnswer('catalogues.small', {});
  const communes = useAnswer(
    'catalogues.communes',
    { provinceCode: provinceCode ?? '' },
    { enabled: provinceCode !== null },
  );
  return (
    <>
      <div className={styles.w4}>
        <PickField
          label={t('registration.province')}
          rows={lists.data?.provinces}
          value={provinceCode}
          onPick={(code, row) =>
            onPick({ provinceCode: code, provinceName: row?.name ?? '', communeCode: null, communeName: '' })
          }
        />
      </div>
      <div className={styles.w4}>
        <PickField
          key={provinceCode}
          label={t('registration.commune')}
          rows={provinceCode === null ? [] : communes.data}
          value={communeCode}
          disabled={provinceCode === null}
          onPick={(code, row) => onPick({ communeCode: code, communeName: row?.name ?? '' })}
        />
      </div>
    </>
  );
});
