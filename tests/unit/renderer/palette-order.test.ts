// Whether Enter after a few letters opens a person or a command.
import { describe, expect, it } from 'vitest';
import { onlyNearly } from '../../../renderer/app/palette-order.ts';

describe('answers of the palette', () => {
  const named = (...names: readonly string[]) => names.map((fullName) => ({ fullName, matched: 'name' }));

  it('put a command of these very words before people who are only nearly called so', () => {
    expect(onlyNearly(named('Trần Văn Tâm', 'Lê Văn Tài'), 'van tay')).toBe(true);
  });

  it('put people first as soon as one is called so, whatever command shares the words', () => {
    expect(onlyNearly(named('Trần Văn Tâm', 'Lê Nhật Kỳ'), 'nhat ky')).toBe(false);
    expect(onlyNearly(named('Nguyễn Đăng Khoa'), 'khoa')).toBe(false);
  });

  it('put people first who were found by a number', () => {
    expect(onlyNearly([{ fullName: 'Trần Văn Tâm', matched: 'phone' }], '0912')).toBe(false);
  });
});
