// Names and numbers for the bed map. Rooms and beds are numbered on from what is there; each dialog shows the names it
// will give before it gives them.
import { Group, Modal, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Failure, Result } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { showUndo } from '../../parts/notices.ts';
import { PickField } from '../../parts/PickField.tsx';
import { completeWard, roomsOf } from '../first-run/plan.ts';
import type { Ward } from './index.tsx';
import styles from './Layout.module.css';
import { nextNames } from './next-names.ts';
import type { Thing } from './Steps.tsx';

/** Limits of the contract: beds of one room. */
const mostBeds = 40;

export function NameDialog({ thing, onClose }: { readonly thing: Thing; readonly onClose: () => void }) {
  const t = useText();
  const rename = useOrder('beds.rename');
  const [name, setName] = useState(thing.name);
  return (
    <Dialog
      title={t('layout.renameTitle', { name: thing.label })}
      doLabel={t('common.save')}
      ready={name.trim() !== '' && name.trim() !== thing.name}
      said={t('layout.renamed', { from: thing.label, to: name.trim() })}
      running={rename.running}
      run={() => rename.run({ kind: thing.kind, id: thing.id, name, saw: { ...thing.versions } })}
      onClose={onClose}
    >
      <TextInput
        label={t('layout.name')}
        required
        data-autofocus
        maxLength={nameLimit[thing.kind]}
        value={name}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  );
}

const nameLimit = { ward: 80, room: 40, bed: 20 } as const;

interface AddWardProps {
  readonly wards: readonly Ward[];
  readonly onAdded: (wardId: string) => void;
  readonly onClose: () => void;
}

export function AddWardDialog({ wards, onAdded, onClose }: AddWardProps) {
  const t = useText();
  const add = useOrder('beds.addWard');
  const lists = useAnswer('catalogues.small', {});
  const [departmentCode, setDepartment] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [beds, setBeds] = useState<number | null>(12);
  const [bedsPerRoom, setBedsPerRoom] = useState<number | null>(4);
  const plan = {
    key: 0,
    name,
    departmentCode,
    beds: Math.min(400, beds ?? 0),
    bedsPerRoom: Math.min(mostBeds, bedsPerRoom ?? 0),
  };
  const complete = completeWard(plan);
  const rooms = complete ? roomsOf(plan, wards.length) : [];
  return (
    <Dialog
      title={t('layout.addWard')}
      doLabel={t('layout.addWard')}
      ready={complete}
      said={t('layout.wardAdded', { name })}
      running={add.running}
      run={async () => {
        const result = await add.run({ name, departmentCode: departmentCode ?? '', rooms });
        if (result.ok) onAdded(result.value.wardId);
        return result;
      }}
      onClose={onClose}
    >
      <PickField
        label={t('first-run.department')}
        required
        autofocus
        showCode
        rows={lists.data?.departments}
        value={departmentCode}
        onPick={(code, row) => {
          setDepartment(code);
          if (row && name.trim() === '') setName(row.name);
        }}
      />
      <TextInput
        label={t('first-run.wardName')}
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={styles.pair}>
        <NumberField label={t('first-run.beds')} decimals={0} value={beds} onChange={setBeds} />
        <NumberField
          label={t('first-run.bedsPerRoom')}
          decimals={0}
          value={bedsPerRoom}
          onChange={setBedsPerRoom}
        />
      </div>
      {complete && (
        <Names>
          {rooms
            .map((room) => t('first-run.room', { name: room.name, beds: room.beds.join(', ') }))
            .join(' · ')}
        </Names>
      )}
    </Dialog>
  );
}

export function AddRoomDialog({ ward, onClose }: { readonly ward: Ward; readonly onClose: () => void }) {
  const t = useText();
  const add = useOrder('beds.addRoom');
  const [name, setName] = useState(() => nextNames(inUse(ward.rooms), 1)[0] ?? '');
  const [count, setCount] = useState<number | null>(4);
  const beds = nextNames(inUse(ward.rooms.flatMap((room) => room.beds)), Math.min(mostBeds, count ?? 0));
  return (
    <Dialog
      title={t('layout.addRoomTitle', { ward: ward.name })}
      doLabel={t('layout.addRoom')}
      ready={name.trim() !== '' && beds.length > 0}
      said={t('layout.roomAdded', { name })}
      running={add.running}
      run={() => add.run({ wardId: ward.wardId, name, beds })}
      onClose={onClose}
    >
      <TextInput
        label={t('layout.roomName')}
        required
        data-autofocus
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberField label={t('first-run.beds')} decimals={0} value={count} onChange={setCount} />
      {beds.length > 0 && <Names>{t('layout.willBe', { names: beds.join(', ') })}</Names>}
    </Dialog>
  );
}

export function AddBedsDialog({
  room,
  ward,
  onClose,
}: {
  readonly room: Ward['rooms'][number];
  readonly ward: Ward;
  readonly onClose: () => void;
}) {
  const t = useText();
  const add = useOrder('beds.addBeds');
  const [count, setCount] = useState<number | null>(1);
  const [typed, setTyped] = useState<string | null>(null);
  const there = inUse(ward.rooms.flatMap(({ beds }) => beds));
  const offered = nextNames(there, Math.min(mostBeds, count ?? 0)).join(', ');
  const names = (typed ?? offered)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return (
    <Dialog
      title={t('layout.addBedsTitle', { room: room.name })}
      doLabel={t('layout.addBeds')}
      ready={names.length > 0}
      said={t('layout.bedsAdded', { names: names.join(', ') })}
      running={add.running}
      run={() => add.run({ roomId: room.roomId, names })}
      onClose={onClose}
    >
      <NumberField
        label={t('first-run.beds')}
        data-autofocus
        decimals={0}
        value={count}
        onChange={(n) => {
          setCount(n);
          setTyped(null);
        }}
      />
      <TextInput
        label={t('layout.bedNames')}
        description={t('layout.bedNamesHint')}
        maxLength={600}
        value={typed ?? offered}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </Dialog>
  );
}

const inUse = (things: readonly { readonly name: string; readonly retired: boolean }[]): string[] =>
  things.filter((thing) => !thing.retired).map((thing) => thing.name);

const Names = ({ children }: { readonly children: ReactNode }) => (
  <Text size="sm" c="dimmed" className={styles.names ?? ''}>
    {children}
  </Text>
);

interface DialogProps {
  readonly title: string;
  readonly doLabel: string;
  readonly ready: boolean;
  /** What the toast says when it is done. */
  readonly said: string;
  readonly running: boolean;
  readonly run: () => Promise<Result<{ undo?: string | undefined }>>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Dialog({ title, doLabel, ready, said, running, run, onClose, children }: DialogProps) {
  const t = useText();
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async () => {
    if (!ready) return;
    const result = await run();
    if (!result.ok) return setFailure(result.error);
    onClose();
    showUndo(result.value.undo, said);
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <KeyLayer>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter of the fields inside */}
        <div className={styles.fields} onKeyDown={(event) => enterMovesOn(event, () => void save())}>
          {children}
          {failure && <ErrorNotice failure={failure} />}
          <Group justify="flex-end">
            <KeyButton variant="default" onPress={onClose}>
              {t('common.cancel')}
            </KeyButton>
            <KeyButton keyName="Ctrl+S" disabled={!ready} loading={running} onPress={() => void save()}>
              {doLabel}
            </KeyButton>
          </Group>
        </div>
      </KeyLayer>
    </Modal>
  );
}
