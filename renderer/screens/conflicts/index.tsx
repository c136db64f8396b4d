// What two people wrote without seeing each other. Both are kept; someone who knows decides with one key and a reason.
import { Button, Switch, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useKeys } from '../../app/keys.tsx';
import { to } from '../../app/routes.tsx';
import { moment } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showDone } from '../../parts/notices.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Conflicts.module.css';

/** A second press of the same key, or one held down, must not decide the next conflict before anybody has read it. */
const readFirstMs = 700;

type Conflict = Output<'conflicts.list'>[number];

export default function Conflicts() {
  const t = useText();
  const [settled, setSettled] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useAnswer('conflicts.list', { settled });
  const rows = list.data ?? [];
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === chosen),
  );
  const current = rows[at];
  // Set once somebody has decided something here: from then on the next one takes the focus by itself.
  const [going, setGoing] = useState(false);
  const done = useRef<HTMLDivElement>(null);
  const over = going && list.data?.length === 0;
  useEffect(() => {
    if (over) done.current?.focus();
  }, [over]);
  const step = (by: number) => setChosen(rows[at + by]?.id ?? current?.id ?? null);
  useKeys({ 'Alt+ArrowDown': () => step(1), 'Alt+ArrowUp': () => step(-1) });
  const next = () => {
    setGoing(true);
    setChosen((rows[at + 1] ?? rows[at - 1])?.id ?? null);
  };
  return (
    <Screen
      title={t('conflicts.title')}
      note={t('conflicts.note')}
      actions={
        <Switch
          label={t('conflicts.showSettled')}
          checked={settled}
          onChange={(event) => setSettled(event.currentTarget.checked)}
        />
      }
    >
      {list.error && <ErrorNotice failure={list.error} onRetry={() => void list.refetch()} />}
      {list.isLoading && <Loading />}
      {list.data?.length === 0 && (
        <div ref={done} tabIndex={-1}>
          <Empty
            title={t(settled ? 'conflicts.noneSettled' : 'conflicts.none')}
            hint={t('conflicts.noneHint')}
          />
        </div>
      )}
      {list.data && current && (
        <div className={styles.columns}>
          <div>
            {!settled && <p className={styles.keys}>{t('conflicts.keys', { n: rows.length })}</p>}
            <ul className={styles.list} aria-label={t('conflicts.title')}>
              {list.data.map((conflict) => (
                <li key={conflict.id}>
                  <button
                    type="button"
                    aria-pressed={conflict.id === current.id}
                    onClick={() => setChosen(conflict.id)}
                  >
                    <b>{peopleOf(conflict) ?? t('conflicts.noPatient')}</b>
                    <span>{subjectOf(t, conflict)}</span>
                    <small>{moment(conflict.since)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </div>
          <Decide key={current.id} conflict={current} takeFocus={going} onSettled={next} />
        </div>
      )}
    </Screen>
  );
}

/** A field of a paper by its name on the paper, anything else by its key. */
const subjectOf = (t: Text, { paper, subjectKey }: Conflict): string =>
  paper
    ? t('conflicts.ofPaper', { paper: paper.title, field: paper.field ?? t.of(subjectKey) })
    : t.of(subjectKey);

const peopleOf = ({ people }: Conflict): string | null => (people.length > 0 ? people.join(', ') : null);

function Decide({
  conflict,
  takeFocus,
  onSettled,
}: {
  readonly conflict: Conflict;
  readonly takeFocus: boolean;
  readonly onSettled: () => void;
}) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const settle = useOrder('conflicts.settle');
  // Two presses in one breath are one decision.
  const deciding = useRef(false);
  const [typing, setTyping] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [takeFocus]);
  const open = conflict.settled === null;
  const [shownAt] = useState(() => performance.now());
  const choose = async (index: number) => {
    const side = conflict.sides[index];
    if (!side || !open || deciding.current) return;
    deciding.current = true;
    const result = await settle.run({
      id: conflict.id,
      choice: side.choice,
      reason: reason.trim() === '' ? null : reason.trim(),
    });
    deciding.current = false;
    if (!result.ok) return setFailure(result.error);
    showDone(t('conflicts.done'));
    onSettled();
  };
  const byKey = (index: number) => (event: KeyboardEvent) => {
    if (!event.repeat && performance.now() - shownAt > readFirstMs) void choose(index);
  };
  // Digits in the reason field stay digits: with Alt they choose from anywhere.
  useKeys(
    Object.fromEntries(
      conflict.sides.flatMap((_, index) => [
        [`Alt+${index + 1}`, byKey(index)],
        ...(typing ? [] : [[String(index + 1), byKey(index)] as const]),
      ]),
    ),
  );
  return (
    <section className={styles.decide} aria-label={subjectOf(t, conflict)}>
      <h2 ref={heading} tabIndex={-1}>
        {conflict.patientId === null ? (
          (peopleOf(conflict) ?? t('conflicts.noPatient'))
        ) : (
          <Link href={to.chart(conflict.patientId)}>{conflict.patientName}</Link>
        )}
        {' — '}
        {subjectOf(t, conflict)}
      </h2>
      <p>
        {t(`conflicts.kind.${conflict.kind}`)}{' '}
        {conflict.paper && <Link href={to.paper(conflict.paper.documentId)}>{t('conflicts.openPaper')}</Link>}
      </p>
      {open && (
        <TextInput
          label={t('conflicts.reason')}
          maxLength={300}
          value={reason}
          onFocus={() => setTyping(true)}
          onBlur={() => setTyping(false)}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div className={styles.sides}>
        {conflict.sides.map((side, index) => (
          <article key={side.choice} className={styles.side} data-current={side.current}>
            {side.act && <p>{t(`conflicts.act.${side.act}`)}</p>}
            <p className={styles.value}>{side.value === null ? t('conflicts.emptied') : t.of(side.value)}</p>
            <p>{t('conflicts.who', { name: side.by })}</p>
            <p>{t('conflicts.when', { when: moment(side.at) })}</p>
            <p>{t('conflicts.where', { station: side.station })}</p>
            <div className={styles.mark}>
              {side.current && <Tag tone="accent">{t('conflicts.current')}</Tag>}{' '}
              {conflict.settled?.choice === side.choice && <Tag tone="good">{t('conflicts.chosen')}</Tag>}
            </div>
            {open && (
              <Button
                mt="sm"
                aria-keyshortcuts={`${index + 1} Alt+${index + 1}`}
                loading={settle.running}
                onClick={() => void choose(index)}
              >
                {t('conflicts.choose', { n: index + 1 })}
              </Button>
            )}
          </article>
        ))}
      </div>
      {conflict.settled && (
        <p>
          {t('conflicts.settledBy', { name: conflict.settled.by, when: moment(conflict.settled.at) })}{' '}
          {conflict.settled.reason}
        </p>
      )}
      {failure && <ErrorNotice failure={failure} />}
    </section>
  );
}
