// What has just happened, told at the bottom of the screen and to screen readers. A small store outside React,
// so that a drawer that has closed itself can still offer to take its work back.
import type { Failure } from '../../shared/api/contract.ts';

/** How long a step can be taken back: the core keeps its side of it for the same 8 seconds. */
export const undoMs = 8_000;

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'undo' | 'failure';
  readonly text?: string;
  readonly undo?: string;
  readonly failure?: Failure;
  readonly until: number;
}

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** `undo` is the token an undoable command answered; without one it is a plain message. */
export function showUndo(undo: string | undefined, text: string): void {
  add(undo === undefined ? { kind: 'done', text } : { kind: 'undo', text, undo });
}

export function showDone(text: string): void {
  add({ kind: 'done', text });
}

/** For failures with no better place on the screen; a form shows its own. */
export function showFailure(failure: Failure): void {
  add({ kind: 'failure', failure });
}

export function dismiss(id: number): void {
  publish(notices.filter((notice) => notice.id !== id));
}

export const currentNotices = (): readonly Notice[] => notices;

export function followNotices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function add(notice: Omit<Notice, 'id' | 'until'>): void {
  last += 1;
  const shownMs = notice.kind === 'failure' ? 15_000 : undoMs;
  const added: Notice = { ...notice, id: last, until: Date.now() + shownMs };
  // Only the newest step can be taken back, and three lines are all anybody reads.
  publish([...notices.filter((each) => each.kind !== 'undo' || notice.kind !== 'undo').slice(-2), added]);
  setTimeout(() => dismiss(added.id), shownMs);
}

function publish(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}
