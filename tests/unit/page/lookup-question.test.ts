// When a registration form says enough to ask the province, and with what.
import { expect, it } from 'vitest';
import { emptyForm, type RegistrationForm } from '../../../renderer/screens/registration/form.ts';
import { lookupQuestion } from '../../../renderer/screens/registration/lookup-question.ts';

const now = Date.UTC(2026, 10, 22, 3, 0);
const ask = (form: Partial<RegistrationForm>) => lookupQuestion({ ...emptyForm, ...form }, now);

it('asks nothing by an empty form, half a name or a birth alone', () => {
  expect(ask({})).toBeNull();
  expect(ask({ fullName: 'Lan', birth: '02/03/1985' })).toBeNull();
  expect(ask({ fullName: 'Nguyễn Thị Lan' })).toBeNull();
  expect(ask({ birth: '02/03/1985' })).toBeNull();
});

it('asks by name and birth together', () =>
  expect(ask({ fullName: '  Nguyễn  Thị Lan ', birth: '02031985' })).toEqual({
    fullName: 'Nguyễn Thị Lan',
    birthDate: '1985-03-02',
  }));

it('asks by a number as soon as it is long enough to be one, spaces or not', () => {
  expect(ask({ cccd: '0400 60' })).toBeNull();
  expect(ask({ cccd: '0400 6000 1234' })).toEqual({ cccd: '040060001234' });
  expect(ask({ bhyt: 'HT2409964027088' })).toEqual({ bhyt: 'HT2409964027088' });
});
