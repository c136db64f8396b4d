// Starting with the PC. Windows and macOS have a setting for it; on Linux Electron has none,
// so the desktop's own autostart folder gets an entry (freedesktop.org Autostart Specification).
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';

export interface AutoStart {
  isOn(): boolean;
  set(on: boolean): void;
}

/** Started this way, the window stays hidden until someone asks for it. */
export const hiddenArgument = '--hidden';

export function autoStartOf(app: App, platform: NodeJS.Platform = process.platform): AutoStart {
  if (platform === 'linux')
    return entryInAutostartFolder(join(app.getPath('appData'), 'autostart'), app.getPath('exe'));
  const item = { args: [hiddenArgument] };
  return {
    isOn: () => app.getLoginItemSettings(item).openAtLogin,
    set: (openAtLogin) => app.setLoginItemSettings({ ...item, openAtLogin }),
  };
}

function entryInAutostartFolder(folder: string, program: string): AutoStart {
  const file = join(folder, 'vn.tram.desktop');
  return {
    isOn: () => existsSync(file),
    set(on) {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, desktopEntry(program));
    },
  };
}

function desktopEntry(program: string): string {
  const quoted = `"${program.replaceAll(/(["`$\\])/g, '\\$1')}"`;
  return `[Desktop Entry]\nType=Application\nName=Trạm\nExec=${quoted} ${hiddenArgument}\nTerminal=false\n`;
}
