// A button with its key printed on it: staff learn keys by seeing them, not from a list.
import { Button, type ButtonProps } from '@mantine/core';
import type { MouseEventHandler, ReactNode } from 'react';
import { useKeys } from '../app/keys.tsx';
import styles from './KeyButton.module.css';

interface Props extends ButtonProps {
  /** As printed and as pressed: `Ctrl+S`, `F9`. Without one it is a plain button. */
  readonly keyName?: string;
  readonly onPress: () => void;
  readonly type?: 'button' | 'submit';
  readonly children: ReactNode;
  readonly 'aria-label'?: string;
}

/** The key works while the button is shown, enabled and not covered by a dialog. */
export function KeyButton({ keyName, onPress, type = 'button', children, ...rest }: Props) {
  const resting = rest.disabled === true || rest.loading === true;
  useKeys(keyName === undefined || resting ? {} : { [keyName]: onPress });
  const press: MouseEventHandler = (event) => {
    event.preventDefault();
    onPress();
  };
  return (
    <Button
      {...rest}
      type={type}
      onClick={press}
      {...(keyName === undefined ? {} : { 'aria-keyshortcuts': keyName.replace('Ctrl', 'Control') })}
    >
      {children}
      {keyName !== undefined && (
        <span className={styles.key} aria-hidden="true">
          {keyName}
        </span>
      )}
    </Button>
  );
}
