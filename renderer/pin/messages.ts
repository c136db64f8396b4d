// What passes between the page and the field for a token's PIN. A PIN never does: only what the holder of
// `key` can open, and that is the token's helper as long as the page says what the core told it.

/** To the field. */
export type ToPinField =
  | {
      readonly kind: 'begin';
      /** SPKI of the helper, base64. */
      readonly key: string;
      readonly min: number;
      readonly max: number;
      /** Spoken name of the field. */
      readonly label: string;
      readonly language: string;
      /** px, of the page's text. */
      readonly fontSize: number;
    }
  | { readonly kind: 'seal' }
  | { readonly kind: 'focus' }
  | { readonly kind: 'clear' };

/** From the field. */
export type FromPinField =
  | { readonly kind: 'ready' }
  /** RSA-OAEP ciphertext, base64. The field is empty again. */
  | { readonly kind: 'sealed'; readonly pin: string }
  /** Nothing was sealed: too short, too long, or the key could not be used. */
  | { readonly kind: 'refused'; readonly why: 'length' | 'key' }
  | { readonly kind: 'caps'; readonly on: boolean }
  /** Escape was pressed in it. */
  | { readonly kind: 'escape' };
