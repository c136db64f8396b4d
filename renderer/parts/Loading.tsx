// Shown only when an answer takes longer than a blink, so that fast screens do not flicker.
import { useEffect, useState } from 'react';
import { useText } from '../i18n/index.ts';
import styles from './States.module.css';

const blinkMs = 200;

export function Loading({ label }: { readonly label?: string }) {
  const t = useText();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), blinkMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.loading} role="status">
      {slow && (label ?? t('common.loading'))}
    </div>
  );
}
