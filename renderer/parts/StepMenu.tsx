// A menu whose first entry has the focus before the next key press can come. Mantine's own gives the focus away in a
// timer; a key pressed in between went to the page, where it counted as a press outside and closed the menu.
import { Menu, type MenuProps } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';

interface Props extends Pick<MenuProps, 'width' | 'position'> {
  /** The button beneath which it opens. */
  readonly target: ReactNode;
  /** Both left out, the button alone opens and closes it. */
  readonly opened?: boolean;
  readonly onChange?: (opened: boolean) => void;
  readonly children: ReactNode;
}

export function StepMenu({ target, opened, onChange, children, ...look }: Props) {
  const [open, setOpen] = useState(false);
  const [list, setList] = useState<HTMLDivElement | null>(null);
  const shown = opened ?? open;
  // Here and not in the list itself: Mantine, in there, first notes where the focus has to return to.
  useEffect(() => {
    if (!shown || !list) return;
    const first = list.querySelector<HTMLElement>('[data-menu-item]:not(:disabled)');
    (first ?? list).focus({ preventScroll: true });
  }, [shown, list]);
  return (
    <Menu opened={shown} onChange={onChange ?? setOpen} trapFocus={false} hideDetached={false} {...look}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown ref={setList} onKeyDown={stay}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The entries are one stop of the Tab key, and while the menu is open the only one. */
function stay(event: KeyboardEvent): void {
  if (event.key === 'Tab') event.preventDefault();
}
