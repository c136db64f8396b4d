// The work of the shift on one ward: what the record says is due, and what people ask of each other.
import { Button, Group, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showFailure, showUndo } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { useNow } from '../../parts/use-now.ts';
import styles from './Tasks.module.css';

type Task = Output<'tasks.list'>[number];

export default function Tasks() {
  const t = useText();
  const { session } = useSession();
  const wards = useAnswer('beds.wards', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [includeDone, setIncludeDone] = useState(false);
  const open = wards.data?.filter((ward) => !ward.closed) ?? [];
  const wanted = chosen ?? session.preferences.homeWard ?? session.wards[0];
  const wardId = (open.find((ward) => ward.wardId === wanted) ?? open.find((w) => w.patients > 0) ?? open[0])
    ?.wardId;
  const tasks = useAnswer(
    'tasks.list',
    { wardId: wardId ?? '', includeDone },
    { enabled: wardId !== undefined },
  );
  return (
    <Screen
      title={t('tasks.title')}
      note={tasks.data && t('tasks.count', { n: tasks.data.filter(({ done }) => !done).length })}
      head={
        <Group>
          <NativeSelect
            aria-label={t('board.ward')}
            data={open.map((ward) => ({ value: ward.wardId, label: ward.name }))}
            value={wardId ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Switch
            label={t('tasks.includeDone')}
            checked={includeDone}
            onChange={(event) => setIncludeDone(event.currentTarget.checked)}
          />
        </Group>
      }
    >
      {tasks.error && <ErrorNotice failure={tasks.error} onRetry={() => void tasks.refetch()} />}
      {(wards.isLoading || tasks.isLoading) && <Loading />}
      {wardId !== undefined && <NewTask wardId={wardId} />}
      {tasks.data?.length === 0 && <Empty title={t('tasks.none')} hint={t('tasks.noneHint')} />}
      {tasks.data && tasks.data.length > 0 && (
        <ul className={styles.list}>
          {tasks.data.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

function NewTask({ wardId }: { readonly wardId: string }) {
  const t = useText();
  const { can } = useSession();
  const [text, setText] = useState('');
  const [dueAt, setDueAt] = useState<number | null>(null);
  const add = useOrder('tasks.add');
  if (!can('task.write')) return null;
  const save = async () => {
    if (text.trim() === '') return;
    const result = await add.run({ wardId, admissionId: null, text, dueAt });
    if (!result.ok) return showFailure(result.error);
    setText('');
    setDueAt(null);
    showUndo(result.value.undo, t('tasks.added'));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter of the fields inside
    <div className={styles.add} onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <TextInput
        className={styles.text}
        label={t('tasks.new')}
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TimeField label={t('tasks.due')} value={dueAt} onChange={setDueAt} />
      <KeyButton keyName="Ctrl+S" loading={add.running} onPress={() => void save()}>
        {t('tasks.add')}
      </KeyButton>
    </div>
  );
}

function TaskRow({ task }: { readonly task: Task }) {
  const t = useText();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const now = useNow();
  const done = useOrder('tasks.done');
  const cancel = useOrder('tasks.cancel');
  const [asking, setAsking] = useState(false);
  const finish = async () => {
    const result = await done.run({ taskId: task.id });
    if (result.ok) showUndo(result.value.undo, t('tasks.doneNow'));
    else showFailure(result.error);
  };
  const withdraw = async (reason: string) => {
    const result = await cancel.run({ taskId: task.id, reason });
    setAsking(false);
    if (result.ok) showUndo(result.value.undo, t('tasks.cancelled'));
    else showFailure(result.error);
  };
  const go = () => {
    if (task.patientId === null) return navigate(to.ward(task.wardId));
    const tab = tabOf[task.kind];
    navigate(can('chart.read') ? to.chart(task.patientId, tab) : to.patient(task.patientId));
  };
  return (
    <li className={styles.task} data-done={task.done !== null} data-overdue={task.overdue && !task.done}>
      <div className={styles.what}>
        <b>{task.text ?? t(`tasks.kind.${task.kind}`)}</b>
        <span>{[task.bedLabel, task.patientName].filter(Boolean).join(' · ')}</span>
        {task.createdBy !== null && <small>{t('tasks.by', { name: task.createdBy })}</small>}
      </div>
      <div className={styles.when}>
        {task.urgent && <Tag tone="danger">{t('tasks.urgent')}</Tag>}
        {task.done ? (
          <Tag tone="good">
            {t('tasks.doneBy', { name: task.done.by, when: shortMoment(task.done.at, now) })}
          </Tag>
        ) : (
          task.dueAt !== null && (
            <Tag tone={task.overdue ? 'warn' : 'quiet'}>
              {t(task.overdue ? 'tasks.wasDue' : 'tasks.dueAt', { when: shortMoment(task.dueAt, now) })}
            </Tag>
          )
        )}
      </div>
      <Group gap="xs">
        <Button variant="default" onClick={go}>
          {t('tasks.open')}
        </Button>
        {task.kind === 'written' && !task.done && can('task.write') && (
          <>
            <Button loading={done.running} onClick={() => void finish()}>
              {t('tasks.done')}
            </Button>
            <Button variant="subtle" onClick={() => setAsking(true)}>
              {t('tasks.cancel')}
            </Button>
          </>
        )}
      </Group>
      <ReasonDialog
        opened={asking}
        title={t('tasks.cancelTitle')}
        confirmLabel={t('tasks.cancel')}
        running={cancel.running}
        onConfirm={(reason) => void withdraw(reason)}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

const tabOf = {
  vitals_due: 'vitals',
  ask_allergies: 'allergies',
  no_entry_today: 'sheet',
  no_bed: undefined,
  clean_bed: undefined,
  written: undefined,
} as const;
