// Leaves a task for this shift or the next: for the whole ward, or for one patient, whom it follows to another bed.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAnswer, useOrder } from '../app/api.ts';
import { useSession } from '../app/session.tsx';
import { useText } from '../i18n/index.ts';
import { enterMovesOn } from './enter-moves-on.ts';
import { KeyButton } from './KeyButton.tsx';
import { showFailure, showUndo } from './notices.ts';
import { PickField } from './PickField.tsx';
import styles from './Tasks.module.css';
import { TimeField } from './TimeField.tsx';

interface Props {
  readonly wardId: string;
  /** The stay it is for; left out, the person may choose a patient of the ward or none. */
  readonly admissionId?: string;
}

export function NewTask({ wardId, admissionId }: Props) {
  const t = useText();
  const { can } = useSession();
  const [text, setText] = useState('');
  const [dueAt, setDueAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const add = useOrder('tasks.add');
  if (!can('task.write')) return null;
  const save = async () => {
    if (text.trim() === '') return;
    const result = await add.run({ wardId, admissionId: admissionId ?? chosen, text, dueAt });
    if (!result.ok) return showFailure(result.error);
    setText('');
    setDueAt(null);
    setChosen(null);
    showUndo(result.value.undo, t('tasks.added'));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter of the fields inside
    <div className={styles.add} onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <TextInput
        className={styles.text}
        label={t(admissionId === undefined ? 'tasks.new' : 'tasks.newForPatient')}
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {admissionId === undefined && (
        <div className={styles.person}>
          <PatientOfWard wardId={wardId} value={chosen} onPick={setChosen} />
        </div>
      )}
      <TimeField label={t('tasks.due')} value={dueAt} onChange={setDueAt} />
      <KeyButton keyName="Ctrl+S" loading={add.running} onPress={() => void save()}>
        {t('tasks.add')}
      </KeyButton>
    </div>
  );
}

interface PickProps {
  readonly wardId: string;
  readonly value: string | null;
  readonly onPick: (admissionId: string | null) => void;
}

/** The people who lie on the ward, by bed and name; the answer is their stay. */
function PatientOfWard({ wardId, value, onPick }: PickProps) {
  const t = useText();
  const board = useAnswer('beds.board', { wardId });
  const inBeds = board.data?.rooms.flatMap((room) =>
    room.beds.flatMap((bed) =>
      bed.patients.map((p) => ({ code: p.admissionId, name: `${room.name} · ${bed.name} · ${p.fullName}` })),
    ),
  );
  const withoutBed = board.data?.withoutBed.map((p) => ({ code: p.admissionId, name: p.fullName }));
  return (
    <PickField
      label={t('tasks.forPatient')}
      placeholder={t('tasks.wholeWard')}
      rows={inBeds && [...inBeds, ...(withoutBed ?? [])]}
      value={value}
      onPick={(code) => onPick(code)}
    />
  );
}
