// Where keys go back to when a dialog closes.
interface Page {
  readonly activeElement: Element | null;
  readonly body: Element;
  querySelector(asked: string): Element | null;
}

/**
 * What a dialog is opened from; of a menu its button, for the menu closes. One that follows another dialog is opened
 * from within that, or from nowhere once that has gone: `before`, what the first was opened from, stays.
 */
export function openerOn(page: Page, before: Element | null): Element | null {
  const at = page.activeElement;
  if (at === null || at === page.body || at.closest('[role=dialog]')) return before;
  const menu = at.closest('[role=menu]');
  return menu ? page.querySelector(`[aria-controls="${menu.id}"]`) : at;
}
