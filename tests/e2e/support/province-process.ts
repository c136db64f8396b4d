// A real provincial server in a process of its own, for tests of the page. Prints one line of JSON, where it listens and
// a code for each center, and ends with SIGTERM.
import { startProvince } from '../../../province/index.ts';

const [folder, ...centers] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: province-process.ts FOLDER CENTER...');

const province = await startProvince({
  folder,
  name: 'Sở Y tế Nghệ An',
  listen: { host: '127.0.0.1', port: 0 },
});
const codes: string[] = [];
for (const name of centers) {
  const made = await province.admin.createCenter('admin', { name, facilityCode: null, provinceCode: '40' });
  const code = made.ok ? await province.admin.createCode('admin', made.value.center) : made;
  if (!code.ok) throw new Error(`no code for ${name}: ${code.error.code}`);
  codes.push(code.value.code);
}
process.stdout.write(`${JSON.stringify({ address: `127.0.0.1:${province.port}`, codes })}\n`);
process.once('SIGTERM', () => void province.close().then(() => process.exit(0)));
