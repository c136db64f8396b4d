// A paper form on A4: exists only while the browser prints and then stands alone on the page, without any of the
// program around it. Black on white, because ward printers are.
import { type ReactNode, useEffect, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import styles from './PaperForm.module.css';

/** True while the browser prints, from a button of ours or from its own menu. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser takes its picture as soon as this returns: the paper must be there by then.
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

interface Props {
  readonly title: string;
  readonly landscape?: boolean;
  /** Top left on Ministry forms: center, then department. */
  readonly issuer: readonly string[];
  /** Top right: the numbers it is filed under. */
  readonly numbers: readonly string[];
  readonly children: ReactNode;
}

/** Render it only while `usePrinting()` is true. */
export function PaperForm({ title, landscape = false, issuer, numbers, children }: Props) {
  return createPortal(
    <div className={landscape ? styles.landscape : styles.portrait} data-paper="">
      <header className={styles.head}>
        <Lines lines={issuer} />
        <h1>{title}</h1>
        <Lines lines={numbers} />
      </header>
      {children}
    </div>,
    document.body,
  );
}

const Lines = ({ lines }: { readonly lines: readonly string[] }) => (
  <p>
    {lines.map((line) => (
      <span key={line}>{line}</span>
    ))}
  </p>
);
