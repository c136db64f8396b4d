// Where a token's PIN is typed: a frame with a document of its own (renderer/pin.html), so that the typed PIN is never in
// this page, its state or its requests. The key it is sealed to is handed over from here: that keeps a PIN from the page's
// mistakes, not from code that has taken the page over, which could draw a field of its own just as well.
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import type { FromPinField, ToPinField } from '../../pin/messages.ts';
import styles from './PinField.module.css';

export interface PinFieldHandle {
  /** Asks for the sealed PIN; the answer comes by `onSealed` or `onRefused`. */
  seal(): void;
  focus(): void;
  clear(): void;
}

interface Props {
  readonly label: string;
  /** SPKI of the token's helper, base64. */
  readonly pinKey: string;
  readonly length: { readonly min: number; readonly max: number };
  readonly hint?: string;
  readonly error?: string | null;
  readonly onSealed: (sealedPin: string) => void;
  readonly onRefused: (why: 'length' | 'key') => void;
  readonly onEscape: () => void;
  readonly ref?: Ref<PinFieldHandle>;
}

export function PinField({ label, pinKey, length, hint, error, onSealed, onRefused, onEscape, ref }: Props) {
  const t = useText();
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(0);
  const [caps, setCaps] = useState(false);
  const heard = useRef({ onSealed, onRefused, onEscape });
  heard.current = { onSealed, onRefused, onEscape };

  const [handle] = useState<PinFieldHandle>(() => ({
    seal: () => tell(frame.current, { kind: 'seal' }),
    clear: () => tell(frame.current, { kind: 'clear' }),
    focus: () => {
      frame.current?.focus();
      tell(frame.current, { kind: 'focus' });
    },
  }));
  useImperativeHandle(ref, () => handle, [handle]);

  useEffect(() => {
    const hear = (event: MessageEvent<FromPinField>) => {
      // The frame has no origin of its own; who it is shows by the window alone.
      if (event.source === null || event.source !== frame.current?.contentWindow) return;
      const message = event.data;
      if (message.kind === 'ready') setReady((n) => n + 1);
      else if (message.kind === 'caps') setCaps(message.on);
      else if (message.kind === 'escape') heard.current.onEscape();
      else if (message.kind === 'sealed') heard.current.onSealed(message.pin);
      else heard.current.onRefused(message.why);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);

  const { min, max } = length;
  useEffect(() => {
    if (ready === 0) return;
    tell(frame.current, {
      kind: 'begin',
      key: pinKey,
      min,
      max,
      label,
      language: t.language,
      fontSize: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    });
    handle.focus();
  }, [ready, pinKey, min, max, label, t, handle]);

  return (
    <div className={styles.field}>
      <div className={styles.label} aria-hidden="true">
        {label}
      </div>
      {hint !== undefined && <div className={styles.hint}>{hint}</div>}
      <iframe
        ref={frame}
        className={styles.frame}
        src="./pin.html"
        title={label}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        data-autofocus
      />
      <div role="status" className={styles.caps}>
        {caps && `▲ ${t('signing.capsLock')}`}
      </div>
      {error != null && (
        <div role="alert" className={styles.error}>
          ▲ {error}
        </div>
      )}
    </div>
  );
}

/** The frame has no origin that could be named. What is told it is no secret. */
function tell(frame: HTMLIFrameElement | null, message: ToPinField): void {
  frame?.contentWindow?.postMessage(message, '*');
}
