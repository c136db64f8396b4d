// Many small pieces of news, acted on together: at once when it has been quiet, else once per spell. While the ward
// saves or a sync brings hundreds of changes, the page must not ask for everything again at each of them.

/** Answers what to call with news; `act` gets all that came since it last ran. */
export function gather<T>(act: (news: ReadonlySet<T>) => void, spellMs = 250): (news: Iterable<T>) => void {
  let waiting = new Set<T>();
  let resting = false;

  function tell(): void {
    const news = waiting;
    waiting = new Set();
    resting = true;
    setTimeout(() => {
      resting = false;
      if (waiting.size > 0) tell();
    }, spellMs);
    act(news);
  }

  return (news) => {
    for (const piece of news) waiting.add(piece);
    if (!resting && waiting.size > 0) tell();
  };
}
