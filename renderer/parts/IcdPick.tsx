// Finds an ICD-10 row by code or words; the choice fills the code and, where the diagnosis is still empty, its name.
import { useDeferredValue, useMemo, useState } from 'react';
import { useAnswer } from '../app/api.ts';
import { useText } from '../i18n/index.ts';
import { PickField, type PickRow } from './PickField.tsx';

interface Props {
  readonly code: string | null;
  readonly onPick: (row: PickRow | null) => void;
}

export function IcdPick({ code, onPick }: Props) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<PickRow | null>(code === null ? null : { code, name: '' });
  const text = useDeferredValue(searchText(typed));
  const found = useAnswer('catalogues.icd10', { text }, { enabled: text !== '' });
  const rows = useMemo(() => {
    const list = found.data ?? [];
    return chosen && !list.some((row) => row.code === chosen.code) ? [chosen, ...list] : list;
  }, [found.data, chosen]);
  return (
    <PickField
      label={t('admission.icd')}
      description={t('admission.icdHint')}
      rows={text === '' || found.data || found.error ? rows : undefined}
      error={found.error ? t.failure(found.error) : undefined}
      value={code}
      showCode
      onSearch={setTyped}
      onPick={(_, row) => {
        setChosen(row);
        onPick(row);
      }}
    />
  );
}

/** The field shows "A09 – Tiêu chảy" once chosen; the code alone finds it again. */
const searchText = (typed: string) => (typed.split(' – ')[0] ?? '').trim().slice(0, 80);
