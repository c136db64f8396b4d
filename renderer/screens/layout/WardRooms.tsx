// One ward: what can be done with it, and its rooms, each a table of beds with the buttons of each bed.
import { Button } from '@mantine/core';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { Tag } from '../../parts/Tag.tsx';
import type { Ward } from './index.tsx';
import styles from './Layout.module.css';
import type { Step, Thing } from './Steps.tsx';

type Room = Ward['rooms'][number];
type Bed = Room['beds'][number];

interface Props {
  readonly ward: Ward;
  readonly retiredToo: boolean;
  readonly onStep: (step: Step) => void;
}

export function WardRooms({ ward, retiredToo, onStep }: Props) {
  const t = useText();
  const rooms = ward.rooms.filter((room) => retiredToo || !room.retired);
  const { name, versions } = ward;
  return (
    <section className={styles.ward} aria-label={name}>
      <div className={styles.head}>
        <h2>{name}</h2>
        <span className={styles.quiet}>
          {ward.departmentCode} · {t('layout.patients', { n: ward.patients })}
        </span>
        <Standing thing={ward} />
        <div className={styles.actions}>
          {!ward.retired && (
            <Button size="compact-md" variant="light" onClick={() => onStep({ kind: 'addRoom', ward })}>
              {t('layout.addRoom')}
            </Button>
          )}
          <ThingButtons
            thing={{ kind: 'ward', id: ward.wardId, name, label: name, versions }}
            retired={ward.retired}
            onStep={onStep}
          />
        </div>
      </div>
      {rooms.length === 0 && <p className={styles.quiet}>{t('layout.noRooms')}</p>}
      {rooms.map((room) => (
        <RoomBeds key={room.roomId} room={room} ward={ward} retiredToo={retiredToo} onStep={onStep} />
      ))}
    </section>
  );
}

interface RoomProps {
  readonly room: Room;
  readonly ward: Ward;
  readonly retiredToo: boolean;
  readonly onStep: (step: Step) => void;
}

function RoomBeds({ room, ward, retiredToo, onStep }: RoomProps) {
  const t = useText();
  const wardInUse = !ward.retired;
  // `101` needs the word before it, `Phòng cấp cứu` has one
  const label = /\s/.test(room.name) ? room.name : t('layout.roomLabel', { name: room.name });
  const beds = room.beds.filter((bed) => retiredToo || !bed.retired);
  return (
    <div className={styles.room}>
      <div className={styles.head}>
        <h3>{label}</h3>
        <Standing thing={room} />
        <div className={styles.actions}>
          {wardInUse && !room.retired && (
            <Button size="compact-md" variant="light" onClick={() => onStep({ kind: 'addBeds', room, ward })}>
              {t('layout.addBeds')}
            </Button>
          )}
          <ThingButtons
            thing={{ kind: 'room', id: room.roomId, name: room.name, label, versions: room.versions }}
            retired={room.retired}
            onStep={onStep}
          />
        </div>
      </div>
      <table className={styles.beds}>
        <caption className={styles.spoken}>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('layout.bed')}</th>
            <th scope="col">{t('layout.state')}</th>
            <th scope="col">{t('layout.lying')}</th>
            <th scope="col">
              <span className={styles.spoken}>{t('layout.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {beds.map((bed) => (
            <BedRow key={bed.bedId} bed={bed} inUse={wardInUse && !room.retired} onStep={onStep} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BedRow({
  bed,
  inUse,
  onStep,
}: {
  readonly bed: Bed;
  readonly inUse: boolean;
  readonly onStep: (step: Step) => void;
}) {
  const t = useText();
  const { can } = useSession();
  const { bedId, name, versions } = bed;
  const label = t('board.bed', { name });
  const mayUse = inUse && !bed.retired && can('bed.state');
  return (
    <tr data-retired={bed.retired || undefined}>
      <th scope="row">{name}</th>
      <td>
        <span className={styles.tags}>
          <Standing thing={bed} />
          {!bed.retired && (
            <Tag tone={bed.state === 'ready' ? 'good' : 'warn'}>
              {bed.state === 'ready' ? t('layout.ready') : t(`board.state.${bed.state}`)}
            </Tag>
          )}
          {!bed.retired && bed.state === 'closed' && bed.stateReason}
          {bed.shared && <Tag tone="accent">{t('board.shared')}</Tag>}
        </span>
      </td>
      <td>{bed.patients === 0 ? t('layout.nobody') : t('layout.patients', { n: bed.patients })}</td>
      <td>
        <div className={styles.actions}>
          {mayUse && (
            <>
              <Button
                size="compact-md"
                variant="default"
                aria-label={`${t(bed.state === 'closed' ? 'board.do.reopen' : 'board.do.close')}: ${label}`}
                onClick={() =>
                  onStep(
                    bed.state === 'closed' ? { kind: 'open', bedId, label } : { kind: 'close', bedId, label },
                  )
                }
              >
                {t(bed.state === 'closed' ? 'layout.open' : 'layout.close')}
              </Button>
              <Button
                size="compact-md"
                variant="default"
                aria-label={`${t(bed.shared ? 'board.do.unshare' : 'board.do.share')}: ${label}`}
                onClick={() => onStep({ kind: 'share', bedId, label, shared: !bed.shared })}
              >
                {t(bed.shared ? 'board.do.unshare' : 'layout.share')}
              </Button>
            </>
          )}
          <ThingButtons
            thing={{ kind: 'bed', id: bedId, name, label, versions }}
            retired={bed.retired}
            onStep={onStep}
          />
        </div>
      </td>
    </tr>
  );
}

/** Rename and retire, or bring back: the same for ward, room and bed. */
function ThingButtons({
  thing,
  retired,
  onStep,
}: {
  readonly thing: Thing;
  readonly retired: boolean;
  readonly onStep: (step: Step) => void;
}) {
  const t = useText();
  const steps = retired ? (['bringBack'] as const) : (['rename', 'retire'] as const);
  return steps.map((kind) => (
    <Button
      key={kind}
      size="compact-md"
      variant="default"
      aria-label={`${t(`layout.${kind}`)}: ${thing.label}`}
      onClick={() => onStep({ kind, thing })}
    >
      {t(`layout.${kind}`)}
    </Button>
  ));
}

function Standing({
  thing,
}: {
  readonly thing: { readonly retired: boolean; readonly retiredReason: string | null };
}) {
  const t = useText();
  if (!thing.retired) return null;
  return (
    <>
      <Tag>{t('layout.retired')}</Tag>
      {thing.retiredReason !== null && <span className={styles.quiet}>{thing.retiredReason}</span>}
    </>
  );
}
