// Where an arrow key leads on a grid of cards of any wrapping: by position on the screen, not by count.

interface Box {
  readonly left: number;
  readonly top: number;
}

/** Index of the card to go to, or null when the key leads nowhere. */
export function neighbour(boxes: readonly Box[], from: number, key: string): number | null {
  const here = boxes[from];
  if (!here) return null;
  switch (key) {
    case 'ArrowRight':
      return from + 1 < boxes.length ? from + 1 : null;
    case 'ArrowLeft':
      return from > 0 ? from - 1 : null;
    case 'Home':
      return 0;
    case 'End':
      return boxes.length - 1;
    case 'ArrowDown':
      return nearestRow(boxes, here, (top) => top > here.top + 4);
    case 'ArrowUp':
      return nearestRow(boxes, here, (top) => top < here.top - 4);
    default:
      return null;
  }
}

/** In the next row that way, the card closest to straight above or below. */
function nearestRow(boxes: readonly Box[], here: Box, beyond: (top: number) => boolean): number | null {
  let best: number | null = null;
  for (const [index, box] of boxes.entries()) {
    if (!beyond(box.top)) continue;
    const chosen = best === null ? undefined : boxes[best];
    if (!chosen || distance(box, here) < distance(chosen, here)) best = index;
  }
  return best;
}

/** A row further away always loses to a nearer one. */
const distance = (a: Box, b: Box) => Math.abs(a.top - b.top) * 1000 + Math.abs(a.left - b.left);
