// A province of its own process: node server-process.ts URL FOLDER. Tells the test its port and takes commands.
import { startProvince } from '../../../province/index.ts';

const [databaseUrl, folder] = process.argv.slice(2);
const province = await startProvince({
  databaseUrl: databaseUrl!,
  folder: folder!,
  listen: { host: '127.0.0.1', port: 0 },
  log: (level, event, facts) => {
    if (level === 'error' || process.env.SHOW) console.error(level, event, JSON.stringify(facts));
  },
});
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage().rss, facts: province.facts() });
  if (message === 'close') void province.close().then(() => process.exit(0));
});
process.send?.({ port: province.port, fingerprint: province.fingerprint });
