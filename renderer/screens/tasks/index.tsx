// The work of the shift on one ward: what the record says is due, and what people ask of each other.
import { Group, NativeSelect, Switch } from '@mantine/core';
import { useState } from 'react';
import { useAnswer } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { NewTask } from '../../parts/NewTask.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { type Task, TaskList } from '../../parts/TaskList.tsx';

export default function Tasks() {
  const t = useText();
  const { session } = useSession();
  const wards = useAnswer('beds.wards', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [includeDone, setIncludeDone] = useState(false);
  const [person, setPerson] = useState<string | null>(null);
  const open = wards.data?.filter((ward) => !ward.closed) ?? [];
  const wanted = chosen ?? session.preferences.homeWard ?? session.wards[0];
  const wardId = (open.find((ward) => ward.wardId === wanted) ?? open.find((w) => w.patients > 0) ?? open[0])
    ?.wardId;
  const tasks = useAnswer(
    'tasks.list',
    { wardId: wardId ?? '', includeDone },
    { enabled: wardId !== undefined },
  );
  const people = peopleOf(tasks.data ?? []);
  // whoever has left the list leaves the filter too
  const asked = people.some(({ value }) => value === person) ? person : null;
  const shown = tasks.data?.filter((task) => asked === null || task.patientId === asked);
  return (
    <Screen
      title={t('tasks.title')}
      note={shown && t('tasks.count', { n: shown.filter(({ done }) => !done).length })}
      head={
        <Group>
          <NativeSelect
            aria-label={t('board.ward')}
            data={open.map((ward) => ({ value: ward.wardId, label: ward.name }))}
            value={wardId ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <NativeSelect
            aria-label={t('tasks.filterPatient')}
            data={[{ value: '', label: t('tasks.allPatients') }, ...people]}
            value={asked ?? ''}
            onChange={(event) => setPerson(event.currentTarget.value || null)}
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
      {wardId !== undefined && <NewTask key={wardId} wardId={wardId} />}
      {shown?.length === 0 && <Empty title={t('tasks.none')} hint={t('tasks.noneHint')} />}
      {shown && shown.length > 0 && <TaskList tasks={shown} />}
    </Screen>
  );
}

/** Everyone the list has a task about, by name as it stands there. */
function peopleOf(tasks: readonly Task[]): { value: string; label: string }[] {
  const names = new Map<string, string>();
  for (const { patientId, patientName, bedLabel } of tasks)
    if (patientId !== null)
      names.set(patientId, [patientName, bedLabel].filter(Boolean).join(' · ') || patientId);
  return [...names]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label, 'vi'));
}
