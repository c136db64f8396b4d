// Signing: what waits, tokens, PIN, progress, checking.
export const signing = {
  'signing.title': 'Ký số',
};
