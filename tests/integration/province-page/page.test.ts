// The admin page as an administrator meets it: a real browser, real enrolled stations, real data in between.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writer } from '../../unit/province/support.ts';
import { pcIn } from '../../unit/province-identity/support.ts';
import { atOf, enrolStation, newStation, opened, unwrap } from '../province/client.ts';
import {
  ask,
  type Browser,
  openBrowser,
  type Running,
  type Staffed,
  staffedCenter,
  startTestProvince,
  until,
} from './support.ts';

const password = 'mot-mat-khau-that-dai';
const people = 'Trần Thị Hồng Nhung';
const cccd = '001185012345';

let running: Running;
let browser: Browser;
let here: Staffed;
let there: Staffed;

beforeAll(async () => {
  running = await startTestProvince();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await running?.close();
});

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Clean for axe, inside 1366 pixels, and a picture of it where somebody wants to look. */
async function inspect(name: string): Promise<void> {
  const { page } = browser;
  if (process.env.PICTURES) {
    mkdirSync(process.env.PICTURES, { recursive: true });
    await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) });
  }
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
    name,
  ).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1366);
}

const go = (path: string) => browser.page.goto(`${running.url}${path}`);
const text = () => browser.page.locator('main').innerText();
/** Forms go somewhere; that takes a moment. */
const sees = (words: string) => expect.poll(text, { timeout: 15_000 }).toContain(words);

describe('coming in', () => {
  it('shows nothing to who is not logged in', async () => {
    for (const path of ['/', '/people', '/audit', '/admins', '/center/1', '/nowhere']) {
      const response = await fetch(`${running.url}${path}`, { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
    await go('/');
    await inspect('login');
  });

  it('asks for an own password first, and locks after five wrong ones', async () => {
    const { page } = browser;
    await page.getByLabel('Tên đăng nhập').fill('admin');
    await page.getByLabel('Mật khẩu').fill('sai');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await sees('Sai tên hoặc mật khẩu');
    await page.getByLabel('Mật khẩu').fill(running.province.firstPassword!);
    await page.keyboard.press('Enter');
    await sees('Đây là mật khẩu được cấp');
    await go('/');
    expect(page.url()).toContain('/password');
    await inspect('password');
    await page.getByLabel('Mật khẩu hiện tại').fill(running.province.firstPassword!);
    await page.getByLabel('Mật khẩu mới (ít nhất 12 ký tự)').fill(password);
    await page.getByLabel('Nhập lại mật khẩu mới').fill(password);
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await sees('Đã đổi mật khẩu');

    const locked = { name: 'locked', password: 'khong-ai-doan-duoc-dau' };
    unwrap(await running.province.admin.createAdmin('admin', locked.name, locked.password));
    const tries = [];
    for (let i = 0; i < 6; i++) tries.push(await login(locked.name, i < 5 ? 'sai' : locked.password));
    expect(tries.at(-1)).toMatchObject({ status: 401 });
    expect(tries.at(-1)?.body).toContain('tạm khóa');
  });

  it('gives the browser a cookie no script can read and nothing from elsewhere', async () => {
    const { headers } = await login('admin', password);
    expect(headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
    const page = await fetch(`${running.url}/login`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).not.toMatch(/https?:\/\//);
  });

  it('takes no form from another site, without its token, or after logging out', async () => {
    const cookie = await cookieOf(password);
    const form = { name: 'Trung tâm lạ', provinceCode: '01' };
    const post = (more: Record<string, string>, body: Record<string, string>) =>
      fetch(`${running.url}/centers`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...more },
        body: new URLSearchParams(body),
      });
    expect((await post({ origin: 'https://xau.example' }, form)).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' }, form)).status).toBe(403);
    expect((await post({}, form)).headers.get('location')).toBe('/?error=old_form');
    expect((await post({}, { ...form, csrf: 'sai' })).headers.get('location')).toBe('/?error=old_form');
    const csrf = await csrfOf(cookie);
    await fetch(`${running.url}/logout`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf }),
    });
    expect((await post({}, { ...form, csrf })).headers.get('location')).toBe('/login');
    expect(await running.province.admin.centers()).toEqual([]);
  });
});

describe('centers and their PCs', () => {
  it('starts empty and creates a center', async () => {
    await go('/');
    await inspect('empty');
    const { page } = browser;
    await page.getByLabel('Tên trung tâm').fill('Trung tâm y tế <b>Mới</b>');
    await page.getByLabel('Mã tỉnh').fill('01');
    await page.getByRole('button', { name: 'Tạo trung tâm' }).click();
    await sees('Đã tạo trung tâm');
    expect(await page.locator('h1').innerText()).toBe('Trung tâm y tế <b>Mới</b>');
  });

  it('shows a code once, with which a PC joins', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Cấp mã kết nối' }).click();
    const code = await page.locator('#code').innerText();
    await inspect('code');
    const station = await newStation();
    unwrap(await enrolStation(station, atOf(running.province), code, crypto.randomUUID()));
    await page.getByRole('link', { name: /Quay lại/ }).click();
    await sees('Được tin cậy');
    expect(await page.content()).not.toContain(code);
  });

  it('withdraws a code nobody has used', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Cấp mã kết nối' }).click();
    await page.getByRole('link', { name: /Quay lại/ }).click();
    await page.getByRole('button', { name: /^Hủy mã/ }).click();
    await sees('Không có mã nào đang chờ dùng');
  });

  it('shows how centers are, in words', async () => {
    here = await staffedCenter(running.province, 'Trung tâm y tế Ba Bể');
    there = await staffedCenter(running.province, 'Trung tâm y tế Chợ Đồn');
    await opened(here.station, atOf(running.province)).then((talk) => talk.close());
    const db = running.province.database;
    await db.query(
      `update station set clock_offset_ms = 900000, backlog = 12, app = '0.2.0' where center = $1`,
      [here.center],
    );
    await db.query(
      `insert into quarantine (center, station, incarnation, lane, seq, hash, reason, via, at, stored)
       select $1, id, 1, 0, 5, sha256('a'), 'fork', id, $2, 'a' from station where center = $1`,
      [here.center, Date.now()],
    );
    await go('/');
    const row = browser.page.getByRole('row').filter({ hasText: 'Ba Bể' });
    expect(await row.innerText()).toMatch(/vừa xong|phút trước/);
    expect(await row.innerText()).toContain('Có bản ghi để riêng');
    await inspect('centers');
    await browser.page.getByRole('link', { name: /Ba Bể/ }).click();
    await sees('nhanh 15 phút');
    await sees('Hai bản ghi mang cùng một số thứ tự');
    await inspect('center');
  });

  it('keeps what somebody types while the rest grows fresh', async () => {
    const { page } = browser;
    await page.clock.install();
    await page.reload();
    await page.getByText('Thu hồi máy này').click();
    await page.getByLabel('Lý do').fill('Máy bị mất khi đang…');
    const db = running.province.database;
    await db.query('update station set backlog = 4321 where center = $1', [here.center]);
    await page.clock.runFor(31_000);
    await expect.poll(() => page.locator('#summary').innerText(), { timeout: 15_000 }).toContain('4.321');
    expect(await page.getByLabel('Lý do').inputValue()).toBe('Máy bị mất khi đang…');
    expect(await page.locator('#fresh').innerText()).toContain('Cập nhật lúc');
    expect(await page.locator('#stations').innerText()).not.toContain('4.321');
  });

  it('revokes a PC with a reason, and releases what it still delivered', async () => {
    const { page } = browser;
    await page.getByLabel('Lý do').fill('Máy bị mất');
    await page.getByRole('button', { name: /^Thu hồi/ }).click();
    await sees('Đã thu hồi');
    await sees('Máy bị mất');
    const sent = pcIn(here.center, running.province.storeOf(here.center));
    sent.register({ fullName: 'Người gửi muộn' });
    const db = running.province.database;
    const [run] = sent.pending.splice(0);
    await db.query(
      `insert into sealed (center, via, station, incarnation, lane, seq, hash, at, stored)
       select $1, s.id, $2, 1, 0, 1, sha256($3::bytea), $4, $3 from station s where s.center = $1`,
      [here.center, Buffer.from(run!.feed.station, 'hex'), run!.stored[0], Date.now()],
    );
    await go(`/center/${here.center}`);
    await page.getByText('Nhận vào nhật ký').click();
    await inspect('sealed');
    await page.getByRole('button', { name: /^Nhận 1 bản ghi/ }).click();
    await sees('Đã nhận dữ liệu');
  });

  it('says of work a PC has not signed that somebody looked into it, by one button', async () => {
    const { page } = browser;
    const unsigned = writer(there.station.place.station, 1, 0);
    await running.province.storeOf(there.center).take([unsigned.write(2)], there.station.place.station);
    await running.province.database.query('update change_log set at = at - $2 where center = $1', [
      there.center,
      8 * 86_400_000,
    ]);
    await go(`/center/${there.center}`);
    await sees('Hơn một tuần chưa ký');
    await page.getByRole('button', { name: /^Đã xem việc của/ }).click();
    await sees('Đã ghi là đã xem');
    expect(await page.locator('#stations').innerText()).toMatch(/Đã xem: .+\. Chỉ báo lại khi có thêm/s);
    expect(await page.getByRole('button', { name: /^Đã xem việc của/ }).count()).toBe(0);
    await inspect('seen');
  });
});

describe('people of two centers', () => {
  it('suggests one person, lets somebody decide with a reason and take it back', async () => {
    const { page } = browser;
    const other = await staffedCenter(running.province, 'Trung tâm y tế Na Rì');
    for (const { pc } of [there, other])
      pc.register({ fullName: people, birthDate: '1985-07-20', sex: '2', cccd, communeCode: '01921' });
    other.pc.allergy(other.pc.register({ fullName: 'Hoàng Văn Khác', birthDate: '1970' }), 'Penicillin');
    await there.pc.send();
    await other.pc.send();
    await until('both are known', async () => {
      const rows = await running.province.database.query('select 1 from person_pair');
      return rows.length === 1;
    });
    await go('/people');
    await sees(people);
    await sees('cùng số căn cước');
    await inspect('people');
    await page.getByLabel('Lý do').fill('Đã gọi điện hỏi gia đình');
    await page.getByRole('button', { name: 'Cùng một người' }).click();
    await sees('Đã ghi: cùng một người');
    await go('/people?state=linked');
    await page.getByText('Đã quyết định 1 lần').click();
    await sees('Đã gọi điện hỏi gia đình');
    await inspect('linked');
    await page.getByLabel('Lý do').fill('Gọi nhầm số');
    await page.getByRole('button', { name: 'Rút lại quyết định' }).click();
    await go('/people');
    await sees(people);
  });

  it('answers a station over its session, and writes down who asked', async () => {
    const answer = await ask(running.province, there.station, { cccd });
    expect(answer?.people).toMatchObject([
      { centerName: 'Trung tâm y tế Na Rì', fullName: people, because: ['identifier'] },
    ]);
    await go('/lookups');
    await sees('số căn cước');
    await inspect('lookups');
  });

  it('is closed to who has no right to see identities', async () => {
    const { admin } = running.province;
    unwrap(await admin.createAdmin('admin', 'ky-thuat', 'mat-khau-cap-lan-dau', ['stations']));
    unwrap(await admin.changePassword('ky-thuat', 'mat-khau-cap-lan-dau', password));
    const cookie = await cookieOf(password, 'ky-thuat');
    for (const path of ['/people', '/lookups', '/admins']) {
      const response = await fetch(`${running.url}${path}`, { headers: { cookie } });
      expect(response.status).toBe(403);
      expect(await response.text()).not.toContain(people);
    }
  });

  it('never writes a patient into the log', () => {
    const written = JSON.stringify(running.logged);
    for (const word of [people, 'Nhung', cccd, 'Penicillin', password]) expect(written).not.toContain(word);
  });
});

describe('lists', () => {
  it('shows the audit and the administrators', async () => {
    await go('/audit');
    await sees('Xác nhận cùng một người');
    expect(await text()).not.toContain(people);
    await inspect('audit');
    await go('/admins');
    await inspect('admins');
    expect(browser.troubles).toEqual([]);
  });

  it('keeps one administrator who can let others in', async () => {
    const { page } = browser;
    await page.getByText('Đổi quyền của admin').click();
    const form = page.locator('form[action="/admins/admin/rights"]');
    await form.getByLabel('Người quản trị').uncheck();
    await form.getByRole('button', { name: 'Lưu quyền' }).click();
    await sees('Phải còn ít nhất một người');
  });

  it('can be used by the keyboard alone', async () => {
    const { page } = browser;
    await go('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Đến nội dung chính');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toMatch(/^\/center\//);
  });
});

describe('for machines', () => {
  it('gives figures without a patient and without a name', async () => {
    const response = await fetch(`${running.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const figures = await response.text();
    for (const line of figures.trim().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?[0-9.]+(e[+-]?[0-9]+)?)$/,
      );
    expect(figures).toContain(`tram_center_backlog{center="${here.center}"}`);
    expect(figures).toMatch(/tram_take_seconds_bucket\{le="\+Inf"\} [1-9]/);
    expect(figures).not.toContain('Ba Bể');
  });

  it('is ill when the database has another schema, and well again', async () => {
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
    const db = running.province.database;
    await db.query(`insert into migration (tag, sha256) values ('9999_of_tomorrow', 'x')`);
    expect((await fetch(`${running.url}/health`)).status).toBe(503);
    await db.query(`delete from migration where tag = '9999_of_tomorrow'`);
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
  });
});

async function login(
  name: string,
  secret: string,
): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(`${running.url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name, password: secret }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function cookieOf(secret: string, name = 'admin'): Promise<string> {
  const { headers } = await login(name, secret);
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function csrfOf(cookie: string): Promise<string> {
  const page = await (await fetch(`${running.url}/`, { headers: { cookie } })).text();
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
}
