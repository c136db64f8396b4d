// Loaded into the host before anything else, in its worker threads too: a PC whose cable is out. Every attempt to
// leave this PC fails as it does there, and is written down so that a test can say there was none.
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const net = require('node:net');
const os = require('node:os');

// An address of this PC's own is still this PC: two programs on it may meet there.
const own = Object.values(os.networkInterfaces()).flatMap(
  (found) => found?.map(({ address }) => address) ?? [],
);
const here = ['127.0.0.1', '::1', 'localhost', ...own];
const attempts = process.env.TRAM_E2E_ATTEMPTS;
const note = (what) => attempts && appendFileSync(attempts, `${what}\n`);
const unreachable = (what) =>
  Object.assign(new Error(`connect ENETUNREACH ${what}`), { code: 'ENETUNREACH' });

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = net._normalizeArgs ? net._normalizeArgs(args[0]?.length >= 0 ? args[0] : args) : args;
  const host = first?.host ?? '127.0.0.1';
  if (first?.path || here.includes(host)) return connect.apply(this, args);
  note(`${host}:${first?.port}`);
  process.nextTick(() => this.destroy(unreachable(host)));
  return this;
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const [asked, promised] = [dns[name], dns.promises[name]];
  dns[name] = (host, ...rest) => {
    if (here.includes(host)) return asked(host, ...rest);
    note(`dns ${host}`);
    rest.at(-1)(unreachable(host));
  };
  dns.promises[name] = (host, ...rest) => {
    if (here.includes(host)) return promised(host, ...rest);
    note(`dns ${host}`);
    return Promise.reject(unreachable(host));
  };
}
