// Electron's way of starting a helper for a fingerprint reader's library.
import { expect, it, vi } from 'vitest';
import { utilityHelper } from '../../../../electron/shells/desktop/utility-helper.ts';
import { utilityProcess } from './fake-electron.ts';

it('is a utility process without output, spoken to by messages, told of once it has ended', () => {
  const helper = utilityHelper('/app.asar/out/fingerprint-helper.cjs', 'Tram fingerprint reader')()!;
  const { file, options, child } = utilityProcess.forked.at(-1)!;
  expect(file).toBe('/app.asar/out/fingerprint-helper.cjs');
  expect(options).toMatchObject({ stdio: 'ignore' });

  const heard: unknown[] = [];
  helper.onMessage((message) => heard.push(message));
  helper.onEnd((how) => heard.push(how));
  helper.send({ type: 'count', id: 1 });
  expect(child.posted).toEqual([{ type: 'count', id: 1 }]);
  child.emit('message', { type: 'counted', id: 1, count: 2 });
  child.emit('exit', 139);
  child.emit('exit', 139);
  expect(heard).toEqual([{ type: 'counted', id: 1, count: 2 }, 'exit 139']);
});

it('is killed for sure, also before it has started, and a dead one without complaint', () => {
  const killed = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw new Error('ESRCH');
  });
  try {
    const helper = utilityHelper('helper.cjs', 'Tram tokens')()!;
    const { child } = utilityProcess.forked.at(-1)!;
    helper.kill();
    expect(killed).not.toHaveBeenCalled();
    child.pid = 4711;
    child.emit('spawn');
    expect(killed).toHaveBeenCalledWith(4711, 'SIGKILL');
  } finally {
    killed.mockRestore();
  }
});
