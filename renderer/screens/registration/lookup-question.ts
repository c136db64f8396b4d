// What of a form is enough to ask the province by: a number, or name and birth together. Half a name asks nothing.
import type { Input } from '../../../shared/api/index.ts';
import { birthOf, type RegistrationForm } from './form.ts';

/** Shorter than any identity or insurance number. */
const leastDigits = 9;

/** Null: nothing to go by yet. */
export function lookupQuestion(form: RegistrationForm, now: number): Input<'sync.lookup'> | null {
  const cccd = form.cccd.replace(/\s/g, '');
  const bhyt = form.bhyt.replace(/\s/g, '');
  const fullName = form.fullName.trim().replace(/\s+/g, ' ');
  const birthDate = birthOf(form.birth, now);
  const byNumber = {
    ...(cccd.length >= leastDigits ? { cccd } : {}),
    ...(bhyt.length >= leastDigits ? { bhyt } : {}),
  };
  const byName = fullName.includes(' ') && birthDate !== null ? { fullName, birthDate } : {};
  const question = { ...byNumber, ...byName };
  return Object.keys(question).length === 0 ? null : question;
}
