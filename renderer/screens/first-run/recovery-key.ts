// The printed key comes in groups parted by dashes; the last one is asked back.

/** Upper case, as printed. */
export const lastGroup = (recoveryKey: string): string =>
  recoveryKey
    .trim()
    .split(/[\s-]+/)
    .at(-1)
    ?.toUpperCase() ?? '';
