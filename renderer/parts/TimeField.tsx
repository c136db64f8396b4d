// Date and time of an event, typed as `7:05` (today) or `7:05 22/11/2026`; starts at now, which is right most often.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { moment } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import { parseMoment } from './parse-moment.ts';

interface Props extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  /** ms since 1970 UTC; null while the text is no time. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

export function TimeField({ value, onChange, error, ...rest }: Props) {
  const t = useText();
  const [typed, setTyped] = useState(value === null ? '' : moment(value));
  const [focused, setFocused] = useState(false);
  const own = useRef(value);
  useEffect(() => {
    if (value !== own.current) setTyped(value === null ? '' : moment(value));
    own.current = value;
  }, [value]);
  const wrong = !focused && typed.trim() !== '' && parseMoment(typed, Date.now()) === null;
  return (
    <TextInput
      placeholder={t('common.timePlaceholder')}
      {...rest}
      value={typed}
      autoComplete="off"
      error={error ?? (wrong ? t('common.notATime') : undefined)}
      onFocus={(event) => {
        setFocused(true);
        rest.onFocus?.(event);
      }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        own.current = parseMoment(event.currentTarget.value, Date.now());
        onChange(own.current);
      }}
      onBlur={(event) => {
        setFocused(false);
        const parsed = parseMoment(typed, Date.now());
        if (parsed !== null) setTyped(moment(parsed));
        rest.onBlur?.(event);
      }}
    />
  );
}
