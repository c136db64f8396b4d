// A bug in one screen must not take the page down: the frame stays, and the person reads what to do.
import { Button, Code, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useText } from '../i18n/index.ts';

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Broken error={error} onReopen={() => this.setState({ error: null })} />;
  }
}

function Broken({ error, onReopen }: { error: Error; onReopen: () => void }) {
  const t = useText();
  return (
    <Stack p="xl" align="flex-start" role="alert">
      <Title order={1}>{t('frame.broken')}</Title>
      <Text>{t('frame.brokenHint')}</Text>
      <Code>{error.message}</Code>
      <Button onClick={onReopen}>{t('frame.reopen')}</Button>
    </Stack>
  );
}
