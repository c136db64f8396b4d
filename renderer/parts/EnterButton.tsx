// The one button that is meant next: it takes the focus when it appears, so that Enter goes on and Tab leads elsewhere.
import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './KeyButton.module.css';

interface Props extends ButtonProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
}

export function EnterButton({ onPress, children, ...rest }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // After a dialog's own first focus, which would go to its close button.
    const timer = setTimeout(() => button.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  return (
    <Button size="lg" {...rest} ref={button} onClick={onPress} data-autofocus>
      {children}
      <span className={styles.key} aria-hidden="true">
        Enter
      </span>
    </Button>
  );
}
