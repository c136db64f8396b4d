// A date typed on the keyboard as staff write it (02031985, 2/3/85, 1985). No mask while typing: it is tidied on leaving.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { birth } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import { type DateRules, parseDate } from './parse-date.ts';

interface Props extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'>, DateRules {
  /** `1985-03-02`, or with `partial` also `1985-03` and `1985`. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

export function VietDateField({ value, onChange, latest, partial, error, ...rest }: Props) {
  const t = useText();
  const rules: DateRules = { ...(latest === undefined ? {} : { latest }), ...(partial ? { partial } : {}) };
  const [typed, setTyped] = useState(birth(value) ?? '');
  const [focused, setFocused] = useState(false);
  const own = useRef(value);
  useEffect(() => {
    if (value !== own.current) setTyped(birth(value) ?? '');
    own.current = value;
  }, [value]);
  const wrong = !focused && typed.trim() !== '' && parseDate(typed, rules) === null;
  return (
    <TextInput
      placeholder={partial ? t('common.datePlaceholderPartial') : t('common.datePlaceholder')}
      {...rest}
      value={typed}
      inputMode="numeric"
      autoComplete="off"
      error={error ?? (wrong ? t('field.bad_date') : undefined)}
      onFocus={(event) => {
        setFocused(true);
        rest.onFocus?.(event);
      }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        own.current = parseDate(event.currentTarget.value, rules);
        onChange(own.current);
      }}
      onBlur={(event) => {
        setFocused(false);
        const parsed = parseDate(typed, rules);
        if (parsed !== null) setTyped(birth(parsed) ?? '');
        rest.onBlur?.(event);
      }}
    />
  );
}
