// The field for a token's PIN: a document of its own that nobody else can look into (sandboxed without an origin) and
// that can reach nothing (no source but itself). It seals what was typed to the key the page gives it, the token helper's, and
// forgets it. It believes the page about that key.
import type { FromPinField, ToPinField } from './messages.ts';
import { sealPin } from './seal.ts';

type Begin = Extract<ToPinField, { kind: 'begin' }>;

const field = document.querySelector('input');
if (!field) throw new Error('pin.html has no field');
const input = field;
/** Whoever frames this must be the page it came with. */
const home = new URL(document.URL).origin;
let begun: Begin | null = null;
let caps = false;

window.addEventListener('message', (event: MessageEvent<ToPinField>) => {
  if (event.source !== window.parent || event.origin !== home) return;
  const message = event.data;
  if (message.kind === 'begin') begin(message);
  else if (message.kind === 'seal') void seal();
  else if (message.kind === 'focus') input.focus();
  else clear();
});

input.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === 'Enter') void seal();
  else if (event.key === 'Escape') tell({ kind: 'escape' });
});
// Told when it changes, not at every key: how many were pressed is nobody's business.
input.addEventListener('keyup', (event) => {
  const on = event.getModifierState('CapsLock');
  if (on !== caps) tell({ kind: 'caps', on });
  caps = on;
});
for (const way of ['copy', 'cut', 'drop', 'contextmenu'])
  input.addEventListener(way, (event) => event.preventDefault());
// Tab comes to the frame first; nobody types into a frame.
window.addEventListener('focus', () => {
  if (document.activeElement === document.body) input.focus();
});
window.addEventListener('pagehide', clear);
tell({ kind: 'ready' });

function begin(message: Begin): void {
  begun = message;
  document.documentElement.lang = message.language;
  document.documentElement.style.fontSize = `${message.fontSize}px`;
  input.setAttribute('aria-label', message.label);
  input.maxLength = Math.max(message.max, 1);
  clear();
}

async function seal(): Promise<void> {
  if (!begun) return;
  const sealed = await sealPin(input.value, begun);
  clear();
  input.focus();
  tell(sealed);
}

function clear(): void {
  input.value = '';
}

function tell(message: FromPinField): void {
  if (window.parent !== window) window.parent.postMessage(message, home);
}
