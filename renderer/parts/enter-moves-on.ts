// Enter moves to the next field, as in every Vietnamese hospital program; staff fill whole forms without the mouse.
import type { KeyboardEvent } from 'react';

const fields =
  'input:not([type=hidden]):not([disabled]):not([readonly]), select:not([disabled]), textarea:not([disabled]), button[data-enter]:not([disabled])';

/**
 * Put on a form or panel as `onKeyDown`. In the last field it calls `atEnd` (usually: save).
 * Leaves alone: text areas, buttons, an open suggestion list, and anything an input method is composing.
 */
export function enterMovesOn(event: KeyboardEvent<HTMLElement>, atEnd?: () => void): void {
  const at = event.target;
  if (event.key !== 'Enter' || event.defaultPrevented || event.ctrlKey || event.altKey) return;
  if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
  if (!(at instanceof HTMLInputElement || at instanceof HTMLSelectElement)) return;
  if (at.getAttribute('aria-expanded') === 'true' && at.getAttribute('aria-activedescendant')) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(fields)].filter(
    (field) => field.offsetParent !== null && field.tabIndex >= 0,
  );
  const next = all[all.indexOf(at) + 1];
  if (!next) {
    atEnd?.();
    return;
  }
  next.focus();
  if (next instanceof HTMLInputElement) next.select();
}
