// Where keys go back to when a dialog about fingers closes, told on a page of made-up elements.
import { expect, it } from 'vitest';
import { openerOn } from '../../../renderer/parts/fingers/opener.ts';

/** An element within others of these roles. */
const element = (id: string, within: Readonly<Record<string, object>> = {}) =>
  ({ id, closest: (asked: string) => within[asked] ?? null }) as unknown as HTMLElement;

const body = element('body');
const button = element('button');
const page = (activeElement: Element | null) => ({
  activeElement,
  body,
  querySelector: (asked: string) => (asked === '[aria-controls="menu"]' ? button : null),
});

it('is the element that had the keys, of a menu its button', () => {
  expect(openerOn(page(button), element('earlier'))).toBe(button);
  const item = element('item', { '[role=menu]': element('menu') });
  expect(openerOn(page(item), null)).toBe(button);
});

it('stays what the first dialog was opened from while others follow, also when the keys are nowhere', () => {
  const inDialog = element('field', { '[role=dialog]': element('dialog') });
  for (const at of [inDialog, body, null]) expect(openerOn(page(at), button)).toBe(button);
  expect(openerOn(page(body), null)).toBeNull();
});
