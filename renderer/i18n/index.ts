// Every word on the screen comes from here. Dictionaries are plain typed objects: a missing key is a type error,
// and Vietnamese needs no plural rules, so a library would only add weight.
import { createContext, useContext, useMemo } from 'react';
import type { Failure } from '../../shared/api/contract.ts';
import { en, type TextKey, vi } from './dictionaries.ts';

export type Language = 'vi' | 'en';
export type { TextKey };
/** Values for the `{blanks}` of a sentence. */
export type Blanks = Readonly<Record<string, string | number>>;

export interface Text {
  (key: TextKey, blanks?: Blanks): string;
  /** A key that comes from the core or from data; an unknown one is shown as it is, so that nothing is hidden. */
  of(key: string, blanks?: Blanks): string;
  has(key: string): boolean;
  /** The sentence of a failure: what happened and what to do next. */
  failure(failure: Failure): string;
  readonly language: Language;
}

export const LanguageContext = createContext<Language>('vi');

/** `const t = useText(); t('common.save')` */
export function useText(): Text {
  const language = useContext(LanguageContext);
  return useMemo(() => textIn(language), [language]);
}

export function textIn(language: Language): Text {
  const words: Readonly<Record<string, string>> = language === 'en' ? en : vi;
  const of = (key: string, blanks?: Blanks) => fill(words[key] ?? key, blanks);
  return Object.assign((key: TextKey, blanks?: Blanks) => of(key, blanks), {
    of,
    has: (key: string) => Object.hasOwn(words, key),
    failure: (failure: Failure) => of(failure.messageKey, failure.params),
    language,
  });
}

function fill(sentence: string, blanks: Blanks | undefined): string {
  if (!blanks) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(blanks[name] ?? whole));
}
