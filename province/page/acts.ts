// What the page's forms do. Each act names the right it needs; the router checks it, the session and the form's token
// before anything here runs.
import type { Result } from '../../shared/api/contract.ts';
import { type Action, decide, ordered, type PersonKey } from '../identity/index.ts';
import { type AdminRight, adminRights, type Province } from '../types.ts';
import type { Screen } from './frame.ts';
import { codeScreen } from './screens/center.ts';

/** Where to go on, with what was done or went wrong; or a screen that is shown this once. */
export type Acted = { readonly goTo: string; readonly done?: string; readonly error?: string } | Screen;

export interface Act {
  readonly path: RegExp;
  readonly right: AdminRight;
  run(on: On): Promise<Acted>;
}

export interface On {
  readonly province: Province;
  readonly by: string;
  readonly form: URLSearchParams;
  /** What the path's groups matched. */
  readonly parts: readonly string[];
  readonly now: number;
}

export const acts: readonly Act[] = [
  {
    path: /^\/centers$/,
    right: 'stations',
    async run({ province, by, form }) {
      const [name, provinceCode] = [field(form, 'name', 160), field(form, 'provinceCode', 2)];
      const code = field(form, 'facilityCode', 5);
      if (name === '' || !/^\d{2}$/.test(provinceCode)) return { goTo: '/', error: 'bad_input' };
      const made = await province.admin.createCenter(by, { name, provinceCode, facilityCode: code || null });
      return made.ok ? { goTo: `/center/${made.value.center}`, done: 'center' } : wrong('/', made);
    },
  },
  {
    path: /^\/center\/(\d{1,9})\/code$/,
    right: 'stations',
    async run({ province, by, parts: [number], now }) {
      const made = await province.admin.createCode(by, Number(number));
      const center = (await province.admin.centers()).find((one) => one.center === Number(number));
      if (!made.ok || !center) return { goTo: '/', error: 'not_found' };
      return codeScreen(center, made.value.code, made.value.expiresAt, now);
    },
  },
  {
    path: /^\/code\/([0-9A-Za-z]{1,8})\/withdraw$/,
    right: 'stations',
    async run({ province, by, parts: [code = ''] }) {
      const [row] = await province.database.query<{ center: number }>(
        'select center from enrol_code where id = $1',
        [code],
      );
      const back = row ? `/center/${row.center}` : '/';
      return ended(back, 'withdrawn', await province.admin.withdrawCode(by, code));
    },
  },
  {
    path: /^\/station\/([0-9a-f]{32})\/revoke$/,
    right: 'stations',
    async run({ province, by, form, parts: [station = ''] }) {
      const back = await homeOf(province, station);
      const reason = field(form, 'reason', 300);
      if (reason === '') return { goTo: back, error: 'reason_required' };
      return ended(back, 'revoked', await province.admin.revokeStation(by, station, reason));
    },
  },
  {
    path: /^\/station\/([0-9a-f]{32})\/seen$/,
    right: 'stations',
    async run({ province, by, form, parts: [station = ''] }) {
      const back = await homeOf(province, station);
      return ended(back, 'seen', await province.admin.sawAuthor(by, station, field(form, 'mark', 20_000)));
    },
  },
  {
    path: /^\/station\/([0-9a-f]{32})\/release$/,
    right: 'stations',
    async run({ province, by, parts: [station = ''] }) {
      const back = await homeOf(province, station);
      return ended(back, 'released', await province.admin.releaseSealed(by, station));
    },
  },
  {
    path: /^\/people\/decide$/,
    right: 'identities',
    async run({ province, by, form, now }) {
      const [x, y] = [keyOf(field(form, 'a', 100)), keyOf(field(form, 'b', 100))];
      const action = actions.find((one) => one === form.get('action'));
      const state = /^(open|linked|refused)$/.exec(form.get('state') ?? '')?.[0] ?? 'open';
      const back = `/people?state=${state}`;
      if (!x || !y || !action || x.center === y.center) return { goTo: back, error: 'not_found' };
      const saw = field(form, 'saw', 20);
      const decision = { ...ordered(x, y), action, reason: field(form, 'reason', 400) };
      const made = await decide(
        province.database,
        by,
        { ...decision, saw: saw === '' ? null : Number(saw) },
        now,
      );
      return ended(back, action, made);
    },
  },
  {
    path: /^\/admins$/,
    right: 'administrators',
    async run({ province, by, form }) {
      const name = field(form, 'name', 38);
      const made = await province.admin.createAdmin(by, name, form.get('password') ?? '', rightsIn(form));
      return ended('/admins', 'admin', made);
    },
  },
  {
    path: /^\/admins\/([a-z0-9._-]{2,39})\/rights$/,
    right: 'administrators',
    run: async ({ province, by, form, parts: [name = ''] }) =>
      ended('/admins', 'rights', await province.admin.setRights(by, name, rightsIn(form))),
  },
  {
    path: /^\/admins\/([a-z0-9._-]{2,39})\/disable$/,
    right: 'administrators',
    run: async ({ province, by, parts: [name = ''] }) =>
      ended('/admins', 'disabled', await province.admin.disableAdmin(by, name)),
  },
];

const actions = ['link', 'refuse', 'take_back'] as const satisfies readonly Action[];

const ended = (goTo: string, done: string, result: Result<unknown>): Acted =>
  result.ok ? { goTo, done } : wrong(goTo, result);
const wrong = (goTo: string, result: Result<unknown>): Acted => ({
  goTo,
  error: result.ok ? '' : result.error.code,
});

const field = (form: URLSearchParams, name: string, longest: number): string =>
  (form.get(name) ?? '').trim().normalize('NFC').slice(0, longest);

const rightsIn = (form: URLSearchParams): AdminRight[] =>
  adminRights.filter((right) => form.getAll('rights').includes(right));

/** `<center>/<patient>` */
function keyOf(text: string): PersonKey | null {
  const [, center, patient] = /^(\d{1,9})\/(.{1,80})$/.exec(text) ?? [];
  return center !== undefined && patient !== undefined ? { center: Number(center), patient } : null;
}

async function homeOf(province: Province, station: string): Promise<string> {
  const [row] = await province.database.query<{ center: number }>(
    'select center from station where id = $1',
    [Buffer.from(station, 'hex')],
  );
  return row ? `/center/${row.center}` : '/';
}
