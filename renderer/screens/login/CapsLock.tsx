// Tells that Caps Lock is on while a password is typed: the most common reason for a "wrong" one.
import { type KeyboardEvent, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import styles from './Login.module.css';

export function useCapsLock() {
  const [on, setOn] = useState(false);
  const look = (event: KeyboardEvent) => setOn(event.getModifierState('CapsLock'));
  return { on, watch: { onKeyDown: look, onKeyUp: look } };
}

export function CapsLockHint({ on }: { readonly on: boolean }) {
  const t = useText();
  return <div role="status">{on && <p className={styles.caps}>{t('login.capsLock')}</p>}</div>;
}
