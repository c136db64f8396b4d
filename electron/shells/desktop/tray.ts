// The icon beside the clock: brings the window back, starts Trạm with the PC, ends it.
import { Menu, Tray } from 'electron';
import type { AutoStart } from './auto-start.ts';
import { words } from './words.ts';

export interface TrayActions {
  readonly iconFile: string;
  readonly title: string;
  readonly autoStart: AutoStart;
  open(): void;
  quit(): void;
}

/** Null where the desktop has no place for such icons; starting Trạm again brings the window back there. */
export function createTray({ iconFile, title, autoStart, open, quit }: TrayActions): Tray | null {
  let tray: Tray;
  try {
    tray = new Tray(iconFile);
  } catch {
    return null;
  }
  tray.setToolTip(title);
  tray.on('click', open);
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: words.open, click: open },
      {
        label: words.startWithPc,
        type: 'checkbox',
        checked: autoStart.isOn(),
        click: ({ checked }) => autoStart.set(checked),
      },
      { type: 'separator' },
      { label: words.quit, click: quit },
    ]),
  );
  return tray;
}
