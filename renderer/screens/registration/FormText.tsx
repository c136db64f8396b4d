// One typed line of a form. Memoised so that a keystroke repaints its own field only, and silent until left:
// nobody is told about a mistake they are still in the middle of typing.
import { TextInput } from '@mantine/core';
import { type HTMLAttributes, memo, useId } from 'react';
import { useText } from '../../i18n/index.ts';
import styles from './Registration.module.css';

interface Props<N extends string> {
  readonly name: N;
  readonly label: string;
  readonly value: string;
  readonly onType: (name: N, value: string) => void;
  readonly onLeave: (name: N) => void;
  /** i18n keys; a problem stops saving, a warning asks for a second look. */
  readonly problem?: string | undefined;
  readonly warning?: string | undefined;
  readonly hint?: string | undefined;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly inputMode?: HTMLAttributes<HTMLInputElement>['inputMode'];
  readonly className?: string | undefined;
}

function FormTextInner<N extends string>({
  name,
  label,
  value,
  onType,
  onLeave,
  problem,
  warning,
  hint,
  className,
  ...input
}: Props<N>) {
  const t = useText();
  const noteId = useId();
  const note = problem === undefined ? (warning ?? null) : null;
  return (
    <div className={className}>
      <TextInput
        {...input}
        name={name}
        label={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        error={problem === undefined ? undefined : t.of(problem)}
        aria-describedby={note !== null || hint ? noteId : undefined}
        onChange={(event) => onType(name, event.currentTarget.value)}
        onBlur={() => onLeave(name)}
      />
      {note !== null ? (
        <p id={noteId} className={styles.warning}>
          ▲ {t.of(note)}
        </p>
      ) : (
        hint && (
          <p id={noteId} className={styles.hint}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export const FormText = memo(FormTextInner) as typeof FormTextInner;
