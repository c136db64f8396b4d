// Wards and beds in a minute: pick the department, say how many beds and how many to a room; the rooms follow.
import { Button, TextInput } from '@mantine/core';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { NumberField } from '../../parts/NumberField.tsx';
import { PickField } from '../../parts/PickField.tsx';
import styles from './FirstRun.module.css';
import { completeWard, roomsOf, type WardPlan } from './plan.ts';

interface Props {
  readonly wards: readonly WardPlan[];
  readonly onChange: (wards: readonly WardPlan[]) => void;
  readonly tried: boolean;
}

export function Wards({ wards, onChange, tried }: Props) {
  const t = useText();
  const lists = useAnswer('catalogues.small', {});
  const add = () =>
    onChange([...wards, { key: Date.now(), name: '', departmentCode: null, beds: 12, bedsPerRoom: 4 }]);
  const change = (key: number, part: Partial<WardPlan>) =>
    onChange(wards.map((ward) => (ward.key === key ? { ...ward, ...part } : ward)));
  return (
    <>
      {wards.map((ward, index) => (
        <fieldset key={ward.key} className={styles.ward} data-wrong={tried && !completeWard(ward)}>
          <legend>{t('first-run.wardNumber', { n: index + 1 })}</legend>
          <PickField
            label={t('first-run.department')}
            required
            showCode
            autofocus={index === wards.length - 1}
            rows={lists.data?.departments}
            value={ward.departmentCode}
            onPick={(departmentCode, row) =>
              change(ward.key, { departmentCode, ...(ward.name === '' && row ? { name: row.name } : {}) })
            }
          />
          <TextInput
            label={t('first-run.wardName')}
            required
            maxLength={80}
            value={ward.name}
            onChange={(event) => change(ward.key, { name: event.currentTarget.value })}
          />
          <NumberField
            label={t('first-run.beds')}
            decimals={0}
            value={ward.beds}
            onChange={(beds) => change(ward.key, { beds: Math.min(400, beds ?? 0) })}
          />
          <NumberField
            label={t('first-run.bedsPerRoom')}
            decimals={0}
            value={ward.bedsPerRoom}
            onChange={(bedsPerRoom) => change(ward.key, { bedsPerRoom: Math.min(40, bedsPerRoom ?? 0) })}
          />
          <Button variant="default" onClick={() => onChange(wards.filter(({ key }) => key !== ward.key))}>
            {t('common.remove')}
          </Button>
          {completeWard(ward) && (
            <p className={styles.rooms}>
              {roomsOf(ward, index)
                .map(({ name, beds }) => t('first-run.room', { name, beds: beds.join(', ') }))
                .join(' · ')}
            </p>
          )}
        </fieldset>
      ))}
      <Button variant="light" className={styles.addWard} onClick={add}>
        {t('first-run.addWard')}
      </Button>
      {tried && wards.every(completeWard) && wards.length === 0 && (
        <p role="alert" className={styles.wrong}>
          {t('first-run.wardsMissing')}
        </p>
      )}
    </>
  );
}
