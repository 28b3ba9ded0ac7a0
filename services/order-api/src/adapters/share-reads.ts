/**
 * Many who ask for the same at once share one read. Whoever asks while it runs gets the next one, since what made them
 * ask may have happened after the running one had begun.
 */
export function shareReads<Answer>(): (key: string, read: () => Promise<Answer>) => Promise<Answer> {
  const running = new Map<string, Promise<Answer>>();
  const next = new Map<string, Promise<Answer>>();
  const begin = (key: string, read: () => Promise<Answer>): Promise<Answer> => {
    const answer = read().finally(() => {
      if (running.get(key) === answer) running.delete(key);
    });
    running.set(key, answer);
    return answer;
  };
  return (key, read) => {
    const current = running.get(key);
    if (!current) return begin(key, read);
    const known = next.get(key);
    if (known) return known;
    const beginNext = () => {
      next.delete(key);
      return begin(key, read);
    };
    const answer = current.then(beginNext, beginNext);
    next.set(key, answer);
    return answer;
  };
}
