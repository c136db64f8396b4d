// Both languages, put together from one file per area. English is typed to have exactly Vietnamese's keys.
import { common as enCommon } from './en/common.ts';
import { error as enError } from './en/error.ts';
import { field as enField } from './en/field.ts';
import { frame as enFrame } from './en/frame.ts';
import { common } from './vi/common.ts';
import { error } from './vi/error.ts';
import { field } from './vi/field.ts';
import { frame } from './vi/frame.ts';

export const vi = {
  ...common,
  ...error,
  ...field,
  ...frame,
};

export type TextKey = keyof typeof vi;

export const en: Readonly<Record<TextKey, string>> = {
  ...enCommon,
  ...enError,
  ...enField,
  ...enFrame,
};
