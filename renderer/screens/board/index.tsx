// Home: who lies where on one ward, what is overdue, what is free. Keys: arrows between beds, Enter opens, F4 lists
// what can be done with a bed, F9 a whole round of vital signs.
import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import type { Output } from '../../../shared/api/index.ts';
import { fold } from '../../../shared/text/fold.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useKeys } from '../../app/keys.tsx';
import { to } from '../../app/routes.tsx';
import { rememberSession, useSession } from '../../app/session.tsx';
import { moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PaperForm, usePrinting } from '../../parts/PaperForm.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { BedSteps, type Step } from './BedSteps.tsx';
import styles from './Board.module.css';
import { type Filter, filters, keepBed, keepPatient } from './filters.ts';
import { ListView } from './ListView.tsx';
import { RoomGrid } from './RoomGrid.tsx';

type View = 'beds' | 'list';
const viewKey = 'tram.board.view';

export default function BoardScreen() {
  const t = useText();
  const { session, can } = useSession();
  const wards = useAnswer('beds.wards', {});
  const { wardId } = useParams();
  if (wards.error) return <ErrorNotice failure={wards.error} onRetry={() => void wards.refetch()} />;
  if (!wards.data) return <Loading />;
  const open = wards.data.filter((ward) => !ward.closed);
  const known = (id: string | null | undefined) => open.find((ward) => ward.wardId === id);
  const shown =
    known(wardId) ??
    known(session.preferences.homeWard) ??
    known(session.wards[0]) ??
    open.find((w) => w.patients > 0) ??
    open[0];
  if (!shown)
    return (
      <Empty
        title={t('board.noWards')}
        hint={t('board.noWardsHint')}
        action={can('ward.layout') && <Link href={to.layout}>{t('frame.layout')}</Link>}
      />
    );
  return <WardBoard key={shown.wardId} wards={open} wardId={shown.wardId} />;
}

function WardBoard({ wards, wardId }: { readonly wards: Output<'beds.wards'>; readonly wardId: string }) {
  const t = useText();
  const { session, can } = useSession();
  const [, navigate] = useLocation();
  const board = useAnswer('beds.board', { wardId });
  const status = useAnswer('station.status', {});
  const prefer = useOrder('access.savePreferences');
  const [filter, setFilter] = useState<Filter | null>(null);
  const [typed, setTyped] = useState('');
  const [view, setView] = useState<View>(() => (localStorage.getItem(viewKey) === 'list' ? 'list' : 'beds'));
  const [step, setStep] = useState<Step | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const printing = usePrinting();
  const words = useDeferredValue(fold(typed));
  useKeys({ 'Ctrl+F': () => search.current?.focus() });

  const kept = useMemo(() => {
    if (!board.data) return null;
    const rooms = board.data.rooms
      .map((room) => ({ ...room, beds: room.beds.filter((bed) => keepBed(bed, filter, words)) }))
      .filter((room) => room.beds.length > 0);
    return { rooms, withoutBed: board.data.withoutBed.filter((p) => keepPatient(p, filter, words)) };
  }, [board.data, filter, words]);

  const mine = new Set<string>(session.wards);
  const options = (some: Output<'beds.wards'>) =>
    some.map((ward) => ({
      value: ward.wardId,
      label: t('board.wardOption', { name: ward.name, patients: ward.patients }),
    }));
  const groups =
    mine.size === 0
      ? options(wards)
      : [
          { group: t('board.myWards'), items: options(wards.filter((w) => mine.has(w.wardId))) },
          { group: t('board.otherWards'), items: options(wards.filter((w) => !mine.has(w.wardId))) },
        ];
  const setHome = async () => {
    const result = await prefer.run({ homeWard: wardId });
    if (result.ok) rememberSession(result.value.session);
  };
  const changeView = (next: string) => {
    const chosen: View = next === 'list' ? 'list' : 'beds';
    setView(chosen);
    localStorage.setItem(viewKey, chosen);
  };

  return (
    <Screen
      title={board.data?.wardName ?? wards.find((w) => w.wardId === wardId)?.name ?? ''}
      note={board.data && <Counts counts={board.data.counts} />}
      actions={
        <>
          {can('vitals.write') && (
            <KeyButton keyName="F9" onPress={() => navigate(to.round(wardId))}>
              {t('board.round')}
            </KeyButton>
          )}
          {view === 'list' && (
            <KeyButton keyName="Ctrl+P" variant="default" onPress={() => window.print()}>
              {t('board.print')}
            </KeyButton>
          )}
          <Button variant="default" onClick={() => navigate(to.tasks)}>
            {t('board.tasks')}
          </Button>
        </>
      }
      head={
        <div className={styles.tools}>
          <NativeSelect
            className={styles.ward}
            size="sm"
            aria-label={t('board.ward')}
            data={groups}
            value={wardId}
            onChange={(event) => navigate(to.ward(event.currentTarget.value))}
          />
          {session.preferences.homeWard !== wardId && (
            <Button
              variant="subtle"
              size="sm"
              px="xs"
              loading={prefer.running}
              onClick={() => void setHome()}
            >
              {t('board.setHome')}
            </Button>
          )}
          <fieldset className={styles.filters}>
            <legend className={styles.legend}>{t('board.filters')}</legend>
            {filters.map(({ id, count }) => (
              <button
                key={id}
                type="button"
                className={styles.filter}
                data-tone={id === 'noEntry' ? 'quiet' : 'warn'}
                aria-pressed={filter === id}
                onClick={() => setFilter(filter === id ? null : id)}
              >
                {t(`board.filter.${id}`)} <b>{board.data ? count(board.data) : 0}</b>
              </button>
            ))}
          </fieldset>
          <TextInput
            ref={search}
            className={styles.find}
            size="sm"
            aria-label={t('board.find')}
            placeholder={t('board.find')}
            rightSection={<kbd>Ctrl+F</kbd>}
            rightSectionWidth="4.25rem"
            rightSectionPointerEvents="none"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t('board.view')}
            className={styles.view}
            value={view}
            onChange={changeView}
            data={[
              { value: 'beds', label: t('board.viewBeds') },
              { value: 'list', label: t('board.viewList') },
            ]}
          />
        </div>
      }
    >
      {board.error && <ErrorNotice failure={board.error} onRetry={() => void board.refetch()} />}
      {board.isLoading && <Loading />}
      {kept && kept.rooms.length + kept.withoutBed.length === 0 && (
        <Empty
          title={t('board.nobody')}
          action={
            <Button
              variant="default"
              onClick={() => {
                setFilter(null);
                setTyped('');
              }}
            >
              {t('board.showAll')}
            </Button>
          }
        />
      )}
      {kept && view === 'beds' && (
        <RoomGrid rooms={kept.rooms} withoutBed={kept.withoutBed} onStep={setStep} />
      )}
      {kept && view === 'list' && <ListView rooms={kept.rooms} withoutBed={kept.withoutBed} />}
      {kept && printing && (
        <PaperForm
          title={t('board.paperTitle')}
          landscape
          issuer={[status.data?.centerName ?? '', board.data?.wardName ?? '']}
          numbers={[moment(Date.now()), session.fullName]}
        >
          <ListView rooms={kept.rooms} withoutBed={kept.withoutBed} />
        </PaperForm>
      )}
      <BedSteps wardId={wardId} step={step} onClose={() => setStep(null)} onStep={setStep} />
    </Screen>
  );
}

function Counts({ counts }: { readonly counts: Output<'beds.board'>['counts'] }) {
  const t = useText();
  return (
    <span className={styles.counts}>
      <span>{t('board.countPatients', { n: counts.patients })}</span>
      <span>{t('board.countBeds', { n: counts.beds })}</span>
      <span>{t('board.countFree', { n: counts.free })}</span>
      {counts.cleaning > 0 && <span>{t('board.countCleaning', { n: counts.cleaning })}</span>}
    </span>
  );
}
