// The one button that is meant next: it takes the focus when it appears, so that Enter goes on and Tab leads elsewhere.
import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './KeyButton.module.css';

interface Props extends ButtonProps {
  readonly onPress: () => void;
  /** False in a form whose fields pass Enter on to it. */
  readonly focus?: boolean;
  readonly children: ReactNode;
}

export function EnterButton({ onPress, focus = true, children, ...rest }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!focus) return;
    // After a dialog's own first focus, which would go to its close button.
    const timer = setTimeout(() => button.current?.focus());
    return () => clearTimeout(timer);
  }, [focus]);
  return (
    <Button size="lg" {...rest} ref={button} onClick={onPress} data-autofocus={focus || undefined}>
      {children}
      <span className={styles.key} aria-hidden="true">
        Enter
      </span>
    </Button>
  );
}
