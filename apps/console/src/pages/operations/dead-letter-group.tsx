import { Button } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { type DeadLetterActions, DeadLetterRow } from "./dead-letter-row.tsx";
import type { DeadLetterGroup } from "./group-dead-letters.ts";
import { isOpen, type Outcomes } from "./use-dead-letters.ts";

/** Letters with one cause, decided on together or one by one. */
export function DeadLetterGroupCard({
  group,
  outcomes,
  selected,
  onSelect,
  actions,
}: {
  group: DeadLetterGroup;
  outcomes: Outcomes;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], isSelected: boolean) => void;
  actions: DeadLetterActions;
}) {
  const { code, reason, durable, letters } = group;
  const open = letters.filter(({ id }) => isOpen(outcomes.get(id)));
  const isAllSelected = open.length > 0 && open.every(({ id }) => selected.has(id));
  return (
    <article aria-label={`${code}: ${reason}`} className="card">
      <div className="flex flex-wrap items-start justify-between gap-3 border-b border-line p-4">
        <div className="min-w-0">
          <h3 className="font-semibold">
            <span className="font-mono text-sm">{code}</span>{" "}
            <span className="font-normal text-ink-soft">× {letters.length}</span>
          </h3>
          <p className="mt-1 text-sm">{reason}</p>
          <p className="mt-1 text-xs text-ink-soft">Not handled by {durable}</p>
        </div>
        {open.length > 1 && (
          <div className="flex flex-wrap items-center gap-2">
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={isAllSelected}
                onChange={(event) =>
                  onSelect(
                    open.map(({ id }) => id),
                    event.target.checked,
                  )
                }
                className="size-4 accent-accent"
              />
              Select all {open.length}
            </label>
            <Button size="small" icon="repeat" onClick={() => actions.replay(open)}>
              Replay {formatCount(open.length, "letter")}
            </Button>
          </div>
        )}
      </div>
      <ul>
        {letters.map((letter) => (
          <DeadLetterRow
            key={letter.id}
            letter={letter}
            outcome={outcomes.get(letter.id)}
            isSelected={selected.has(letter.id)}
            onSelect={(isSelected) => onSelect([letter.id], isSelected)}
            actions={actions}
          />
        ))}
      </ul>
    </article>
  );
}
