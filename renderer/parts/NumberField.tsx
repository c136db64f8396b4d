// A number typed the Vietnamese way (comma or dot as decimal sign). Text stays exactly as typed while the field
// has focus, because input methods send backspaces and break any field that rewrites itself; it is tidied on leaving.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { parseNumber } from './parse-number.ts';

interface Props extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  readonly value: number | null;
  /** Called with the parsed number, or null for an empty field or text that is no number. */
  readonly onChange: (value: number | null) => void;
  readonly unit?: string;
  /** Most decimals kept on leaving the field; 0 = whole numbers. */
  readonly decimals?: number;
}

export function NumberField({ value, onChange, unit, decimals = 1, error, ...rest }: Props) {
  const t = useText();
  const shown = (n: number | null) =>
    n === null ? '' : String(n).replace('.', t.language === 'en' ? '.' : ',');
  const [typed, setTyped] = useState(shown(value));
  const focused = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value from outside rewrites the text
  useEffect(() => {
    if (!focused.current) setTyped(shown(value));
  }, [value]);
  const wrong = typed.trim() !== '' && parseNumber(typed, decimals) === null;
  return (
    <TextInput
      {...rest}
      value={typed}
      inputMode="decimal"
      autoComplete="off"
      rightSection={unit}
      rightSectionWidth={unit === undefined ? undefined : `${unit.length * 0.55 + 1}rem`}
      rightSectionPointerEvents="none"
      error={error ?? (wrong && !focused.current ? t('common.notANumber') : undefined)}
      onFocus={(event) => {
        focused.current = true;
        rest.onFocus?.(event);
      }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(parseNumber(event.currentTarget.value, decimals));
      }}
      onBlur={(event) => {
        focused.current = false;
        const parsed = parseNumber(typed, decimals);
        setTyped(parsed === null ? typed.trim() : shown(parsed));
        rest.onBlur?.(event);
      }}
    />
  );
}
