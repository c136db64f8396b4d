// The bed map as the people who arrange it work on it: wards at the left, the rooms and beds of one ward at the right.
// Nothing is deleted: what is no longer used is retired with a reason, and only while nobody lies there.
import { Switch } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Layout.module.css';
import { type Step, Steps } from './Steps.tsx';
import { WardRooms } from './WardRooms.tsx';

export type Ward = Output<'beds.layout'>[number];

export default function Layout() {
  const t = useText();
  const map = useAnswer('beds.layout', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [retiredToo, setRetiredToo] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const wards = map.data?.filter((ward) => retiredToo || !ward.retired) ?? [];
  const ward = wards.find((w) => w.wardId === chosen) ?? wards[0];
  return (
    <Screen
      title={t('layout.title')}
      note={map.data && t('layout.count', countsOf(map.data))}
      actions={
        <>
          <Switch
            label={t('layout.retiredToo')}
            checked={retiredToo}
            onChange={(event) => setRetiredToo(event.currentTarget.checked)}
          />
          <KeyButton keyName="F8" onPress={() => setStep({ kind: 'addWard' })}>
            {t('layout.addWard')}
          </KeyButton>
        </>
      }
    >
      {map.error && <ErrorNotice failure={map.error} onRetry={() => void map.refetch()} />}
      {map.isLoading && <Loading />}
      {map.data && !ward && <Empty title={t('board.noWards')} hint={t('layout.noneHint')} />}
      {ward && (
        <div className={styles.columns}>
          <ul className={styles.wards} aria-label={t('layout.wards')}>
            {wards.map((w) => (
              <li key={w.wardId}>
                <button
                  type="button"
                  aria-pressed={w.wardId === ward.wardId}
                  onClick={() => setChosen(w.wardId)}
                >
                  <b>{w.name}</b>
                  <span>{t('layout.wardLine', { rooms: standing(w.rooms), beds: bedsOf(w) })}</span>
                  {w.retired && <Tag>{t('layout.retired')}</Tag>}
                </button>
              </li>
            ))}
          </ul>
          <WardRooms key={ward.wardId} ward={ward} retiredToo={retiredToo} onStep={setStep} />
        </div>
      )}
      <Steps step={step} wards={map.data ?? []} onAdded={setChosen} onClose={() => setStep(null)} />
    </Screen>
  );
}

const standing = (things: readonly { readonly retired: boolean }[]): number =>
  things.filter((thing) => !thing.retired).length;

const bedsOf = (ward: Ward): number =>
  ward.rooms.filter((room) => !room.retired).reduce((sum, room) => sum + standing(room.beds), 0);

const countsOf = (wards: readonly Ward[]) => {
  const used = wards.filter((ward) => !ward.retired);
  return { wards: used.length, beds: used.reduce((sum, ward) => sum + bedsOf(ward), 0) };
};
