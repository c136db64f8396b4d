// Scans from anywhere on the screen: a scanner that types like a keyboard, or one on a serial port (core event).
// The keyboard kind has by then typed into whatever field had the focus; that field gets its text back.
import { useEffect, useRef } from 'react';
import { composing } from '../../app/keys.tsx';
import { readScans } from '../../app/scans.ts';
import { createWedge, type WedgeVerdict } from './wedge.ts';

export type OnScan = (raw: string, mangled: boolean) => void;

export function useScanner(onScan: OnScan): void {
  const latest = useRef(onScan);
  latest.current = onScan;

  useEffect(() => readScans((raw) => latest.current(raw, false)), []);

  useEffect(() => {
    const wedge = createWedge();
    let field: FieldMemory | null = null;
    let idleTimer: ReturnType<typeof setTimeout> | undefined;

    function judge(verdict: WedgeVerdict, event?: KeyboardEvent): void {
      if (verdict.kind === 'begins') field = rememberField();
      if (verdict.kind !== 'scan') return;
      // Enter would submit the form and Tab would leave the field: both belong to the scanner.
      event?.preventDefault();
      event?.stopImmediatePropagation();
      if (field) restoreField(field);
      field = null;
      latest.current(verdict.raw, verdict.mangled);
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      clearTimeout(idleTimer);
      judge(wedge.press({ key: event.key, at: event.timeStamp, composing: composing(event) }), event);
      idleTimer = setTimeout(() => judge(wedge.idle()), wedge.pauseMs);
    }

    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      clearTimeout(idleTimer);
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);
}

interface FieldMemory {
  readonly element: HTMLInputElement | HTMLTextAreaElement;
  readonly value: string;
}

function rememberField(): FieldMemory | null {
  const element = document.activeElement;
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
    ? { element, value: element.value }
    : null;
}

/** Through the prototype's setter and an input event, so that React's own copy follows. */
function restoreField({ element, value }: FieldMemory): void {
  if (element.value === value) return;
  const prototype =
    element instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event('input', { bubbles: true }));
}
