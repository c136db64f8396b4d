// The ward as rooms of beds. One bed of the whole grid is in the tab order; arrows move on from there.
import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { useNow } from '../../parts/use-now.ts';
import { BedCard } from './BedCard.tsx';
import type { Step } from './BedSteps.tsx';
import styles from './Board.module.css';
import type { Bed, Patient, Room } from './filters.ts';
import { neighbour } from './roving.ts';

interface Props {
  readonly rooms: readonly Room[];
  readonly withoutBed: readonly Patient[];
  readonly onStep: (step: Step) => void;
}

/** A patient without a bed is shown as a bed with no name, so that everything works alike. */
const standing = (patient: Patient): Bed => ({
  bedId: patient.patientId,
  name: '',
  state: 'ready',
  stateReason: null,
  shared: false,
  patients: [patient],
});

export function RoomGrid({ rooms, withoutBed, onStep }: Props) {
  const t = useText();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const now = useNow(60_000);
  const grid = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [menu, setMenu] = useState<string | null>(null);
  const first = withoutBed[0]?.patientId ?? rooms[0]?.beds[0]?.bedId ?? null;
  const shown = new Set<string>([
    ...rooms.flatMap((r) => r.beds.map((b) => b.bedId)),
    ...withoutBed.map((p) => p.patientId),
  ]);
  const inOrder = current !== null && shown.has(current) ? current : first;

  const focusCard = useCallback((id: string) => {
    grid.current?.querySelector<HTMLElement>(`[data-bed="${id}"] [data-main]`)?.focus();
  }, []);
  const openMenu = useCallback(
    (id: string | null) => {
      setMenu((before) => {
        if (id === null && before !== null) queueMicrotask(() => focusCard(before));
        return id;
      });
    },
    [focusCard],
  );
  const open = useCallback(
    (bed: Bed, patient: Patient | undefined) => {
      if (patient) {
        navigate(
          can('chart.read') || can('breakglass')
            ? to.chart(patient.patientId)
            : to.patient(patient.patientId),
        );
      } else if (bed.state === 'ready' && can('admission.admit')) onStep({ kind: 'pick', bedId: bed.bedId });
      else openMenu(bed.bedId);
    },
    [navigate, can, onStep, openMenu],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.main === undefined) return;
    if (event.key === 'F4' || event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault();
      // The menu opens within this key press and would take what is left of it for a press outside, a reason to close.
      event.stopPropagation();
      openMenu(event.target.closest<HTMLElement>('[data-bed]')?.dataset.bed ?? null);
      return;
    }
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-main]')];
    const next = neighbour(
      all.map((card) => card.getBoundingClientRect()),
      all.indexOf(event.target),
      event.key,
    );
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };

  const card = (bed: Bed, label: string) => (
    <BedCard
      key={bed.bedId}
      bed={bed}
      label={label}
      inOrder={bed.bedId === inOrder}
      menuOpen={menu === bed.bedId}
      now={now}
      onFocus={setCurrent}
      onMenu={openMenu}
      onOpen={open}
      onStep={onStep}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the cards inside are the buttons; arrows are handled for all of them
    <div ref={grid} onKeyDown={onKeyDown}>
      {withoutBed.length > 0 && (
        <section className={styles.room} data-waiting="true">
          <h2>{t('board.withoutBed', { n: withoutBed.length })}</h2>
          <div className={styles.beds}>
            {withoutBed.map((patient) => card(standing(patient), t('board.noBed')))}
          </div>
        </section>
      )}
      {rooms.map((room) => (
        <section key={room.roomId} className={styles.room}>
          <h2>{room.name}</h2>
          <div className={styles.beds}>
            {room.beds.map((bed) => card(bed, t('board.bed', { name: bed.name })))}
          </div>
        </section>
      ))}
    </div>
  );
}
