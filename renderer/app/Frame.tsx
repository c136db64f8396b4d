// What stays in place around every screen: titlebar, rail, status line. 36 px + 28 px, so the work gets the rest.
import { Suspense, useEffect, useRef, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Output } from '../../shared/api/index.ts';
import { useText } from '../i18n/index.ts';
import { Empty } from '../parts/Empty.tsx';
import { Loading } from '../parts/Loading.tsx';
import { Notices } from '../parts/UndoToast.tsx';
import { call } from './api.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import styles from './Frame.module.css';
import { useKeys } from './keys.tsx';
import { NavRail } from './NavRail.tsx';
import { Palette } from './Palette.tsx';
import { routes, to } from './routes.tsx';
import { StatusCell } from './StatusCell.tsx';
import { readScans } from './scans.ts';
import { loadWhenIdle } from './screen-later.tsx';
import { useSession } from './session.tsx';
import { Titlebar } from './Titlebar.tsx';

/** Often enough that the core never locks a person who is typing, seldom enough to cost nothing. */
const touchEveryMs = 30_000;

export function Frame({ status }: { readonly status: Output<'station.status'> }) {
  const t = useText();
  const { session, can } = useSession();
  const [location, navigate] = useLocation();
  const [palette, setPalette] = useState<{ readonly text: string } | null>(null);
  const main = useRef<HTMLElement>(null);
  useStayAwake();
  useEffect(() => readScans((raw) => setPalette({ text: raw })), []);
  const search = () => setPalette({ text: '' });
  useKeys({
    F2: search,
    'Ctrl+K': search,
    F1: () => navigate(to.help),
    F7: () => navigate(to.sync),
    F12: () => void call('access.lock', {}),
    'Alt+Home': () => navigate(to.board),
    ...(can('patient.write') ? { 'Ctrl+N': () => navigate(to.register) } : {}),
  });
  return (
    <div className={styles.frame} inert={session.locked}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('frame.skip')}
      </button>
      <Titlebar status={status} onSearch={search} />
      <div className={styles.middle}>
        <NavRail training={status.mode === 'training'} />
        <main className={styles.main} id="main" tabIndex={-1} ref={main}>
          <ErrorBoundary key={location.split('/', 3).join('/')}>
            <Suspense fallback={<Loading />}>
              <Screens />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <StatusCell />
      <Palette opened={palette} onClose={() => setPalette(null)} />
      <Notices />
    </div>
  );
}

function Screens() {
  const t = useText();
  const { can, session } = useSession();
  useEffect(
    () =>
      loadWhenIdle(
        routes.filter(({ needs }) => needs === undefined || can(needs)).map(({ screen }) => screen),
      ),
    [can],
  );
  const home = can('board.read') ? null : can('station.read') ? to.station : to.help;
  return (
    <Switch>
      {home !== null && (
        <Route path={to.board}>
          <Redirect to={home} />
        </Route>
      )}
      {routes
        .filter(({ needs }) => needs === undefined || can(needs))
        .map(({ path, screen }) => (
          <Route key={path} path={path} component={screen.Screen} />
        ))}
      {/* An address left open by the person before, or typed by hand: home instead of a refusal. */}
      {routes
        .filter(({ needs }) => needs !== undefined && !can(needs))
        .map(({ path }) => (
          <Route key={path} path={path}>
            <Redirect to={to.board} />
          </Route>
        ))}
      <Route>
        <div className={styles.lost}>
          <Empty
            title={t('frame.notFound')}
            hint={session.permissions.length === 0 ? t('error.not_allowed') : t('frame.notFoundHint')}
          />
        </div>
      </Route>
    </Switch>
  );
}

/** Tells the core that someone is here, at most every half minute, so that it does not lock under their hands. */
function useStayAwake(): void {
  useEffect(() => {
    let last = Date.now();
    const touch = () => {
      if (Date.now() - last < touchEveryMs) return;
      last = Date.now();
      void call('access.touch', {});
    };
    window.addEventListener('keydown', touch, { passive: true });
    window.addEventListener('pointerdown', touch, { passive: true });
    window.addEventListener('wheel', touch, { passive: true });
    return () => {
      window.removeEventListener('keydown', touch);
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('wheel', touch);
    };
  }, []);
}
