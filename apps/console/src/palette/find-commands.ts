/** Something the palette can do. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** What tells it apart from others of the same title; shown beside it. */
  readonly detail?: string;
  /** More words by which it is found. */
  readonly keywords?: string;
  /** Its keys, as the list of shortcuts shows them. */
  readonly keys?: readonly string[];
  readonly run: () => void;
}

/** The commands that have every word of the query, those whose title begins with it first. */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ title, group, detail = "", keywords = "" }) => {
    const text = `${group} ${title} ${detail} ${keywords}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words[0];
  if (first === undefined) return found;
  const rank = ({ title }: Command) => (title.toLowerCase().startsWith(first) ? 0 : 1);
  // Groups stay together, in the order in which they were given.
  const groups = [...new Set(found.map(({ group }) => group))];
  return groups.flatMap((group) =>
    found.filter((command) => command.group === group).sort((left, right) => rank(left) - rank(right)),
  );
}
