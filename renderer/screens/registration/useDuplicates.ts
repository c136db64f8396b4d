// Asks who the person may already be, a moment after the typing rests, and only once there is something to go by.
import { useEffect, useMemo, useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { type Answer, useAnswer } from '../../app/api.ts';
import { type RegistrationForm, toRegistration } from './form.ts';

const restMs = 300;

export function useDuplicates(
  form: RegistrationForm,
  addressListVersion: string,
): { readonly answer: Answer<Output<'patients.duplicates'>>; readonly asking: boolean } {
  const question = useMemo(() => {
    const { demographics, identifiers } = toRegistration(form, addressListVersion, [], Date.now());
    return JSON.stringify({ demographics, identifiers });
  }, [form, addressListVersion]);
  const [rested, setRested] = useState(question);
  useEffect(() => {
    const timer = setTimeout(() => setRested(question), restMs);
    return () => clearTimeout(timer);
  }, [question]);
  const { demographics, identifiers } = useMemo<ReturnType<typeof toRegistration>>(
    () => JSON.parse(rested),
    [rested],
  );
  const name = demographics.fullName ?? '';
  const asking =
    (identifiers ?? []).some((i) => i.value.length >= 9) ||
    name.split(' ').length >= 2 ||
    !!demographics.phone;
  const answer = useAnswer(
    'patients.duplicates',
    // no address version travels before the lists are there
    { demographics, identifiers: (identifiers ?? []).filter((i) => i.value !== '') },
    { enabled: asking },
  );
  return { answer, asking };
}
