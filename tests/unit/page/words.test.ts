// The words of the page: both languages complete, every failure with a sentence, no sentence outside the dictionaries.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleFaults } from '../../../electron/signing/tokens/module-file.ts';
import { verdictReasons } from '../../../electron/signing/types.ts';
import { en, vi } from '../../../renderer/i18n/dictionaries.ts';
import { errorCodes } from '../../../shared/api/errors.ts';
import { certificateFaults } from '../../../shared/api/signing.ts';

const renderer = join(import.meta.dirname, '../../../renderer');
const filesUnder = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
const blanks = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();

describe('words', () => {
  it('has the same keys in English and Vietnamese, none empty', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
    for (const words of [vi, en])
      expect(Object.entries(words).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('leaves the same blanks in both languages', () => {
    const differing = Object.entries(vi).filter(
      ([key, text]) => blanks(text).join() !== blanks(en[key as keyof typeof en]).join(),
    );
    expect(differing).toEqual([]);
  });

  it('has a sentence for every failure the core can answer', () => {
    expect(errorCodes.filter((code) => !Object.hasOwn(vi, `error.${code}`))).toEqual([]);
  });

  it('has a sentence for every verdict on a signature and every fault of a certificate', () => {
    const keys = [
      ...verdictReasons.map((code) => `verdict.${code}`),
      ...certificateFaults.map((code) => `certificate.${code}`),
      ...moduleFaults.map((code) => `signing.module.${code}`),
    ];
    expect(keys.filter((key) => !Object.hasOwn(vi, key))).toEqual([]);
  });

  it('has a sentence for every special failure the core names', () => {
    const core = filesUnder(join(renderer, '../electron'), '.ts');
    const keys = core.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/'(error\.[a-z_]+)'/g)].map(([, key]) => key ?? ''),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect([...new Set(keys)].filter((key) => !Object.hasOwn(vi, key))).toEqual([]);
  });

  it('has words for every kind of change, for the audit trail and what was handed back', () => {
    const kinds = filesUnder(join(renderer, '../shared/model'), '.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/defineKind\('([\w.]+)'/g)].map(([, kind]) => kind ?? ''),
    );
    expect(kinds.length).toBeGreaterThan(40);
    expect(kinds.filter((kind) => !Object.hasOwn(vi, `audit.what.${kind}`))).toEqual([]);
  });

  it('has a sentence for every field key the core names', () => {
    const core = ['electron', 'shared'].flatMap((room) => filesUnder(join(renderer, '..', room), '.ts'));
    const keys = core.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/'(field\.[a-z][\w.]*[\w])'/gi)].map(([, key]) => key ?? ''),
    );
    expect([...new Set(keys)].filter((key) => !Object.hasOwn(vi, key))).toEqual([]);
  });

  it('writes Vietnamese in composed characters', () => {
    expect(Object.entries(vi).filter(([, text]) => text !== text.normalize('NFC'))).toEqual([]);
  });

  it('keeps every sentence in the dictionaries, none in a screen', () => {
    const found = filesUnder(renderer, '.tsx').flatMap((file) => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      const between = [...code.matchAll(/>\s*([\p{L}][^<>{}=;()]*\p{L})\s*<\//gu)].map(
        ([, text]) => text ?? '',
      );
      const attributes = [
        ...code.matchAll(/\b(?:label|title|placeholder|aria-label|description|hint)="([^"]+)"/g),
      ].map(([, text]) => text ?? '');
      return [...between, ...attributes]
        .filter((text) => !allowed.has(text.trim()))
        .map((text) => `${file}: ${text}`);
    });
    expect(found).toEqual([]);
  });
});

/** Names, units and keys that are the same in every language. */
const allowed = new Set(['NEWS2', 'mmHg', 'Ctrl+F', 'Enter', 'F2', 'F12']);
