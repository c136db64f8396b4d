// Signing: what waits, tokens, PIN, progress, checking.
export const signing = {
  'signing.title': 'Ký số',
  'signing.capsLock': 'Phím Caps Lock đang bật.',
};
