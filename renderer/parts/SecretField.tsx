// A password or PIN: hidden until the person asks to see it, by a button that says so in their language.
import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useText } from '../i18n/index.ts';

export function SecretField(props: PasswordInputProps) {
  const t = useText();
  return <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': t('common.showSecret') }} />;
}
