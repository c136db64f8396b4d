import { expect, it } from 'vitest';
import { slotsOf } from '../../../renderer/parts/draft-slots.ts';

const draft = (key: string) => ({ key });

it('keeps a form under its own name when nothing was found', () => {
  expect(slotsOf('entry:1', [draft('entry:12'), draft('entry:2')])).toEqual({ found: [], free: 'entry:1' });
});

it('never writes over typing that was found and not answered for', () => {
  const found = [draft('entry:1~2'), draft('entry:1')];
  expect(slotsOf('entry:1', found)).toEqual({ found, free: 'entry:1~3' });
  expect(slotsOf('entry:1', [draft('entry:1~2')])).toEqual({ found: [draft('entry:1~2')], free: 'entry:1' });
});
