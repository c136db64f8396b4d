// Ctrl+K or F2: people, wards and commands by a few letters without accents, or by scanning a card. Keyboard only works.
import { Modal } from '@mantine/core';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Output } from '../../shared/api/index.ts';
import { fold } from '../../shared/text/fold.ts';
import { age, birth } from '../i18n/format.ts';
import { type TextKey, useText } from '../i18n/index.ts';
import { Tag } from '../parts/Tag.tsx';
import { call, useAnswer } from './api.ts';
import { KeyLayer } from './keys.tsx';
import styles from './Palette.module.css';
import { onlyNearly } from './palette-order.ts';
import { to } from './routes.tsx';
import { looksLikeCard, readScans, searchTextOfScan } from './scans.ts';
import { useSession } from './session.tsx';

interface Props {
  /** Null while closed; `text` is what the field starts with. */
  readonly opened: { readonly text: string } | null;
  readonly onClose: () => void;
  /** Choosing a person for something (a free bed) instead of opening their record: only people are listed. */
  readonly onPick?: ((patientId: string) => void) | undefined;
  readonly title?: string;
}

export function Palette({ opened, onClose, onPick, title }: Props) {
  const t = useText();
  return (
    <Modal
      opened={opened !== null}
      onClose={onClose}
      title={title ?? t('frame.paletteTitle')}
      size="52rem"
      centered={false}
      yOffset="3.5rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>{opened && <Search start={opened.text} onClose={onClose} onPick={onPick} />}</KeyLayer>
    </Modal>
  );
}

type Hit = Output<'patients.search'>[number];
type Choice =
  | { readonly kind: 'patient'; readonly id: string; readonly hit: Hit }
  | { readonly kind: 'ward'; readonly id: string; readonly name: string; readonly note: string }
  | { readonly kind: 'command'; readonly id: string; readonly word: TextKey; readonly act: () => void };

const typingPauseMs = 150;

function Search({ start, onClose, onPick }: { start: string } & Pick<Props, 'onClose' | 'onPick'>) {
  const t = useText();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState(() => (start === '' ? '' : searchTextOfScan(start)));
  const [asked, setAsked] = useState(typed);
  const [at, setAt] = useState(0);
  const listId = useId();
  useEffect(() => readScans((raw) => setTyped(searchTextOfScan(raw))), []);
  useEffect(() => {
    if (looksLikeCard(typed)) {
      // A scanner typing a QR ends with Enter or simply stops: wait until it has.
      const timer = setTimeout(() => setTyped(searchTextOfScan(typed)), typingPauseMs);
      return () => clearTimeout(timer);
    }
    const timer = setTimeout(() => setAsked(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);

  const found = useAnswer(
    'patients.search',
    { text: asked, limit: 12 },
    { enabled: asked.length >= 2 && can('patient.read') },
  );
  const wards = useAnswer('beds.wards', {}, { enabled: can('board.read') });
  const hits = useDeferredValue(asked.length >= 2 ? found.data : undefined);

  const choices = useMemo<readonly Choice[]>(() => {
    const go = (path: string) => () => navigate(path);
    const words = fold(asked);
    const commands = commandList(can, go).filter(({ word }) => words === '' || fold(t(word)).includes(words));
    const people = (hits ?? []).map((hit): Choice => ({ kind: 'patient', id: hit.patientId, hit }));
    if (onPick) return people;
    const places = (wards.data ?? [])
      .filter((ward) => !ward.closed && words !== '' && fold(ward.name).includes(words))
      .map(
        (ward): Choice => ({
          kind: 'ward',
          id: ward.wardId,
          name: ward.name,
          note: `${ward.patients}/${ward.beds}`,
        }),
      );
    return onlyNearly(hits ?? [], words)
      ? [...places, ...commands, ...people]
      : [...people, ...places, ...commands];
  }, [hits, wards.data, asked, can, navigate, t, onPick]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question starts again at the top
  useEffect(() => setAt(0), [asked, hits]);

  const open = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    if (choice.kind === 'patient' && onPick) onPick(choice.id);
    else if (choice.kind === 'patient') {
      navigate(can('chart.read') || can('breakglass') ? to.chart(choice.id) : to.patient(choice.id));
    } else if (choice.kind === 'ward') navigate(to.ward(choice.id));
    else choice.act();
  };

  // Enter may come before the answer: a scanner's always does. Then only what is beyond doubt opens by itself.
  const [hurried, setHurried] = useState(false);
  const settled = typed.trim() === asked && !found.isLoading && (asked.length < 2 || hits === found.data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: opens once, when the list has settled
  useEffect(() => {
    if (!hurried || !settled) return;
    setHurried(false);
    if (choices.length === 1) open(choices[0]);
  }, [hurried, settled]);

  const optionId = (index: number) => `${listId}-${index}`;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const nothing = asked.length >= 2 && found.data?.length === 0;
  return (
    <>
      <input
        className={styles.field}
        type="text"
        role="combobox"
        aria-label={t('frame.paletteTitle')}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={choices.length > 0 ? optionId(at) : undefined}
        aria-autocomplete="list"
        placeholder={t('frame.palettePlaceholder')}
        autoComplete="off"
        spellCheck={false}
        // At once, not after the dialog's own pause: a scanner or a fast hand types right after F2.
        // biome-ignore lint/a11y/noAutofocus: a dialog must take the focus
        autoFocus
        data-autofocus
        maxLength={600}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setHurried(false);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.keyCode === 229) return;
          if (event.key === 'ArrowDown') setAt((i) => Math.min(i + 1, choices.length - 1));
          else if (event.key === 'ArrowUp') setAt((i) => Math.max(i - 1, 0));
          else if (event.key === 'Enter') {
            if (settled) open(choices[at]);
            else setHurried(true);
          } else return;
          event.preventDefault();
        }}
      />
      <p className={styles.hint} role="status">
        {found.isLoading && asked.length >= 2
          ? t('frame.paletteSearching')
          : hits && hits.length > 0
            ? t('frame.paletteCount', { n: hits.length })
            : t('frame.paletteHint')}
      </p>
      {found.error && <p role="alert">{t.failure(found.error)}</p>}
      {nothing && (
        <p className={styles.nothing}>
          <b>{t('frame.paletteNothing', { text: asked })}</b> {t('frame.paletteNothingHint')}
        </p>
      )}
      <div className={styles.list} id={listId} role="listbox" aria-label={t('frame.paletteTitle')} ref={list}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles keys for the whole list
          <div
            key={`${choice.kind}${choice.id}`}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.choice}
            onClick={() => open(choice)}
            onMouseMove={() => setAt(index)}
          >
            {choice.kind === 'patient' && <PatientHit hit={choice.hit} />}
            {choice.kind === 'ward' && (
              <div className={styles.line}>
                <Tag>{t('frame.paletteWards')}</Tag> <b>{choice.name}</b>
                <span className={styles.quiet}>{choice.note}</span>
              </div>
            )}
            {choice.kind === 'command' && (
              <div className={styles.line}>
                <Tag tone="accent">{t('frame.paletteCommands')}</Tag> {t(choice.word)}
              </div>
            )}
          </div>
        ))}
      </div>
    </>
  );
}

function PatientHit({ hit }: { hit: Hit }) {
  const t = useText();
  const born = birth(hit.birthDate);
  return (
    <>
      <div className={styles.line}>
        <b className={styles.name}>{hit.fullName}</b>
        <span>
          {t(`common.sex${hit.sex}`)}, {age(t, hit.birthDate, Date.now())},{' '}
          {born === null ? t('frame.bornUnknown') : t('frame.born', { date: born })}
        </span>
        {hit.admission ? (
          <Tag tone="accent">
            {t('frame.hitAdmitted', {
              where: [hit.admission.wardName, hit.admission.bedLabel].filter(Boolean).join(' · '),
            })}
          </Tag>
        ) : (
          <Tag>{t('frame.hitNotAdmitted')}</Tag>
        )}
      </div>
      <div className={styles.second}>
        <span>
          {t('common.recordNumber')} {hit.recordNumber}
        </span>
        {hit.identifiers.map(({ type, value }) => (
          <span key={type + value}>
            {t(`frame.id.${type}`)} {value}
          </span>
        ))}
        {hit.phone !== null && <span>{hit.phone}</span>}
        {hit.addressText !== null && <span>{hit.addressText}</span>}
      </div>
    </>
  );
}

function commandList(
  can: ReturnType<typeof useSession>['can'],
  go: (path: string) => () => void,
): readonly Extract<Choice, { kind: 'command' }>[] {
  const command = (id: string, word: TextKey, act: () => void) => ({
    kind: 'command' as const,
    id,
    word,
    act,
  });
  return [
    ...(can('patient.write') ? [command('register', 'frame.paletteRegister', go(to.register))] : []),
    ...(can('patient.write') ? [command('find', 'fingerprint.find', go(to.find))] : []),
    ...(can('board.read') ? [command('board', 'frame.goHome', go(to.board))] : []),
    ...(can('board.read') ? [command('tasks', 'frame.tasks', go(to.tasks))] : []),
    ...(can('chart.read') ? [command('sign', 'signing.queueTitle', go(to.sign))] : []),
    command('verify', 'signing.verifyTitle', go(to.verify)),
    command('forms', 'documents.formsTitle', go(to.forms())),
    ...(can('conflict.settle') ? [command('conflicts', 'frame.conflicts', go(to.conflicts))] : []),
    ...(can('users.manage') ? [command('people', 'frame.people', go(to.people))] : []),
    ...(can('audit.read') ? [command('audit', 'frame.audit', go(to.audit()))] : []),
    ...(can('station.read') ? [command('station', 'frame.station', go(to.station))] : []),
    command('sync', 'sync.title', go(to.sync)),
    command('help', 'frame.helpTitle', go(to.help)),
    command('lock', 'frame.lock', () => void call('access.lock', {})),
    command('logout', 'frame.logout', () => void call('access.logout', {})),
  ];
}
