// Decides what the whole page is: a problem with the store, first run, login, or the frame with its screens.
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { EventMessage } from '../../shared/api/index.ts';
import { LanguageContext, useText } from '../i18n/index.ts';
import { ErrorNotice } from '../parts/ErrorNotice.tsx';
import { Loading } from '../parts/Loading.tsx';
import { FirstRun } from '../screens/first-run/index.tsx';
import { Login } from '../screens/login/index.tsx';
import { StoreProblem } from '../screens/login/StoreProblem.tsx';
import { Preparing } from '../screens/training/Preparing.tsx';
import { followCore, queryClient, useAnswer } from './api.ts';
import { hearSigning } from './batches.ts';
import { hearCapture } from './captures.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { LockScreen } from './LockScreen.tsx';
import { routes } from './routes.tsx';
import { hearScan } from './scans.ts';
import { loadWhenIdle } from './screen-later.tsx';
import { SessionProvider } from './session.tsx';
import { theme, tokens } from './theme.ts';

/** Mantine writes a style element at run time; the host's policy wants the nonce it put into the document. */
const styleNonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokens}
      forceColorScheme="light"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Router hook={useHashLocation}>
          <ErrorBoundary>
            <Whole />
          </ErrorBoundary>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Whole() {
  const status = useAnswer('station.status', {});
  const current = useAnswer('access.session', {});
  useEffect(() => followCore(hear), []);
  // while a person types the password: the board is what comes next
  useEffect(() => loadWhenIdle(routes.slice(0, 1).map(({ screen }) => screen)), []);
  const session = current.data?.session ?? null;
  const language = session?.preferences.language ?? 'vi';
  const textScale = session?.preferences.textScale ?? 100;
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.textScale = String(textScale);
  }, [language, textScale]);

  const person = session?.userId ?? null;
  useEffect(() => forgetOthersAnswers(person), [person]);

  return (
    <LanguageContext value={language}>
      <Content status={status} session={session} asked={!current.isLoading} />
    </LanguageContext>
  );
}

function hear(message: EventMessage): void {
  hearScan(message);
  hearCapture(message);
  hearSigning(message);
}

/** What one person was shown must not flash up for the next, who starts at home; session and station are nobody's own. */
let lastPerson: string | null = null;
function forgetOthersAnswers(person: string | null): void {
  if (lastPerson !== null && person !== null && lastPerson !== person) window.location.hash = '';
  if (lastPerson !== null && lastPerson !== person) {
    queryClient.removeQueries({
      predicate: ({ queryKey: [method] }) => method !== 'access.session' && method !== 'station.status',
    });
  }
  if (person !== null) lastPerson = person;
}

const askStatusAgain = (): void => void queryClient.invalidateQueries({ queryKey: ['station.status'] });

/** Problems the core sees without opening the store; it notices by itself when they are gone. */
const seenFromOutside: ReadonlySet<string> = new Set(['store_missing', 'keyring_missing', 'keyring_damaged']);

interface ContentProps {
  readonly status: ReturnType<typeof useAnswer<'station.status'>>;
  readonly session: Parameters<typeof SessionProvider>[0]['session'] | null;
  readonly asked: boolean;
}

function Content({ status, session, asked }: ContentProps) {
  const t = useText();
  // The store opens before the recovery key is on paper: the wizard stays until the person says so.
  const [settingUp, setSettingUp] = useState(false);
  // Whether a disk is writable again shows only when the store is opened, and that takes somebody's password.
  const [retrying, setRetrying] = useState(false);
  if (status.error) return <ErrorNotice failure={status.error} onRetry={() => void status.refetch()} />;
  if (!status.data || !asked) return <Loading label={t('frame.opening')} />;
  const tryOpening = retrying && !seenFromOutside.has(status.data.problem ?? '');
  if (status.data.phase === 'problem' && !tryOpening) {
    const retry = () => {
      setRetrying(true);
      void status.refetch();
    };
    return <StoreProblem status={status.data} onRetry={retry} />;
  }
  if (status.data.phase === 'preparing') {
    return <Preparing status={status.data} onAskAgain={askStatusAgain} />;
  }
  if (settingUp || status.data.phase === 'first_run') {
    return <FirstRun onStart={() => setSettingUp(true)} onFinished={() => setSettingUp(false)} />;
  }
  if (!session) return <Login status={status.data} />;
  return (
    <SessionProvider session={session} key={session.userId}>
      <Frame status={status.data} />
      {session.locked && <LockScreen status={status.data} session={session} />}
    </SessionProvider>
  );
}
