// What is to be done, one line each, with the buttons to do it: the shift's list and the chart's summary show the same.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Output } from '../../shared/api/index.ts';
import { useOrder } from '../app/api.ts';
import { to } from '../app/routes.tsx';
import { useSession } from '../app/session.tsx';
import { shortMoment } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import { showFailure, showUndo } from './notices.ts';
import { ReasonDialog } from './ReasonDialog.tsx';
import { Tag } from './Tag.tsx';
import styles from './Tasks.module.css';
import { useNow } from './use-now.ts';

export type Task = Output<'tasks.list'>[number];

interface Props {
  readonly tasks: readonly Task[];
  /** In a patient's chart: who and where need no repeating, and there is nowhere else to go. */
  readonly inChart?: boolean;
}

export function TaskList({ tasks, inChart = false }: Props) {
  return (
    <ul className={styles.list}>
      {tasks.map((task) => (
        <TaskRow key={task.id} task={task} inChart={inChart} />
      ))}
    </ul>
  );
}

function TaskRow({ task, inChart }: { readonly task: Task; readonly inChart: boolean }) {
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
        {!inChart && <span>{[task.bedLabel, task.patientName].filter(Boolean).join(' · ')}</span>}
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
        {!(inChart && tabOf[task.kind] === undefined) && (
          <Button variant="default" onClick={go}>
            {t('tasks.open')}
          </Button>
        )}
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
