// Which form? By a few letters without accents, or up and down the list; Enter begins it.
import { Modal } from '@mantine/core';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { fold } from '../../../shared/text/fold.ts';
import { useAnswer } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import styles from './Documents.module.css';
import type { Template } from './paper-types.ts';

interface Props {
  readonly opened: boolean;
  /** Papers of a stay need one. */
  readonly inStay: boolean;
  readonly onPick: (form: string) => void;
  readonly onClose: () => void;
}

export function NewPaper({ opened, onClose, ...rest }: Props) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('documents.newTitle')}
      size="44rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>{opened && <Choice {...rest} />}</KeyLayer>
    </Modal>
  );
}

function Choice({ inStay, onPick }: Omit<Props, 'opened' | 'onClose'>) {
  const t = useText();
  const { can } = useSession();
  const answer = useAnswer('documents.forms', {});
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const forms = useMemo(
    () =>
      newestVersions(answer.data?.forms ?? []).filter(
        (form) => can(form.writtenBy) && (inStay || form.scope === 'patient'),
      ),
    [answer.data, can, inStay],
  );
  const words = fold(typed).split(' ').filter(Boolean);
  const found = forms.filter((form) => {
    const name = fold(`${form.title} ${form.number ?? ''}`);
    return words.every((word) => name.includes(word));
  });
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  if (answer.error) return <ErrorNotice failure={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <Loading />;
  return (
    <>
      <input
        className={styles.find}
        type="text"
        role="combobox"
        aria-label={t('documents.findForm')}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder={t('documents.findFormHint')}
        autoComplete="off"
        spellCheck={false}
        // The list of forms may come after the dialog has given its first focus away.
        // biome-ignore lint/a11y/noAutofocus: a dialog must take the focus
        autoFocus
        data-autofocus
        maxLength={80}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.keyCode === 229) return;
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter') {
            const form = found[at];
            if (form) onPick(form.id);
          } else return;
          event.preventDefault();
        }}
      />
      <p className={styles.quiet} role="status">
        {found.length === 0 ? t('documents.noForm') : t('documents.formKeys', { n: found.length })}
      </p>
      <div
        className={styles.forms}
        id={listId}
        role="listbox"
        aria-label={t('documents.newTitle')}
        ref={list}
      >
        {found.map((form, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles keys for the whole list
          <div
            key={form.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.form}
            onClick={() => onPick(form.id)}
            onMouseMove={() => setAt(index)}
          >
            <b>{form.title}</b>
            <span className={styles.quiet}>
              {[form.number, t('documents.signedBy', { who: signersOf(form).join(', ') })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

/** In the order in which they sign; several of one sort are said once. */
export const signersOf = ({ steps }: Template): readonly string[] => [
  ...new Set(steps.map(({ label }) => label)),
];

/** Papers go on with the version they were begun with; new ones take the newest. */
export function newestVersions(forms: readonly Template[]): readonly Template[] {
  const newest = new Map<string, Template>();
  for (const form of forms) {
    const known = newest.get(form.id);
    if (!known || known.version < form.version) newest.set(form.id, form);
  }
  return [...newest.values()];
}
