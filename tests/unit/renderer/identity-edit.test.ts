import { describe, expect, it } from 'vitest';
import { identityEdit } from '../../../renderer/screens/patient/identity-edit.ts';

const before = {
  fullName: 'Nguyễn Văn An',
  sex: '1' as const,
  birthDate: '1985',
  phone: null,
  ethnicCode: '01',
  nationality: 'Việt Nam',
  occupationCode: null,
  address: null,
  workplace: null,
  bloodGroup: null,
  rhesus: null,
  pregnant: false,
  deceasedAt: null,
};
const versions = { fullName: 'v1', phone: 'v2', birthDate: 'v3' };

describe('an edit of identity', () => {
  it('sends only what was changed, with the versions the screen showed', () => {
    expect(identityEdit(before, { ...before, phone: '0912345678' }, versions)).toEqual({
      set: { phone: '0912345678' },
      saw: { phone: 'v2' },
      needsReason: false,
    });
  });

  it('wants a reason for what identifies the person', () => {
    expect(identityEdit(before, { ...before, birthDate: '1985-03-02' }, versions).needsReason).toBe(true);
    expect(identityEdit(before, { ...before, bloodGroup: 'O' }, versions)).toEqual({
      set: { bloodGroup: 'O' },
      saw: {},
      needsReason: true,
    });
  });

  it('sends nothing when nothing was changed', () => {
    expect(identityEdit(before, { ...before }, versions).set).toEqual({});
  });
});
