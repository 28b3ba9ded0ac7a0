import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { classNames } from "../components/class-names.ts";
import { Icon } from "../components/icon.tsx";
import { useModal } from "../components/use-modal.ts";
import { type Command, findCommands } from "./find-commands.ts";
import { Keys } from "./keys.tsx";
import { useCommands } from "./use-commands.ts";

/** Finds a page, an order or a command by its words; the arrows choose, Enter runs, Escape closes. */
export function CommandPalette({ onClose, showShortcuts }: { onClose: () => void; showShortcuts: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const commands = useCommands(query, showShortcuts);
  // What was typed as an order's id is what that order is found by.
  const found = findCommands(commands, query);
  const chosen = found[Math.min(at, found.length - 1)];
  const modal = useModal(onClose);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((before) => (Math.min(before, found.length - 1) + step + found.length) % found.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <dialog
      {...modal}
      aria-label="Find a page, an order or a command"
      onKeyDown={onKeyDown}
      className="card mx-auto mt-[10vh] w-[calc(100%-2rem)] max-w-xl overflow-hidden p-0 shadow-2xl"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="text-ink-soft" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find a page, an order or a command"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen && optionId(listId, chosen)}
          autoComplete="off"
          spellCheck="false"
          placeholder="A page, an order's prompt or id, a command"
          className="h-12 w-full bg-transparent text-base outline-none"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
      </div>
      <CommandList id={listId} found={found} chosen={chosen} onRun={run} />
      {found.length === 0 && <p className="px-4 pb-4 text-sm text-ink-soft">Nothing has these words.</p>}
    </dialog>
  );
}

function CommandList({
  id,
  found,
  chosen,
  onRun,
}: {
  id: string;
  found: readonly Command[];
  chosen: Command | undefined;
  onRun: (command: Command) => void;
}) {
  const chosenId = chosen && optionId(id, chosen);
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: "nearest" });
  }, [chosenId]);
  const groups = [...Map.groupBy(found, ({ group }) => group)];
  return (
    <div id={id} role="listbox" aria-label="What was found" tabIndex={-1} className="max-h-[50vh] overflow-y-auto p-2">
      {groups.map(([group, commands]) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
        <div key={group} role="group" aria-label={group}>
          <p aria-hidden="true" className="px-2 pt-2 pb-1 text-xs text-ink-soft">
            {group}
          </p>
          {commands.map((command) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the box keeps the focus and has the keys
            <div
              key={command.id}
              id={optionId(id, command)}
              role="option"
              aria-selected={command === chosen}
              onClick={() => onRun(command)}
              className={classNames(
                "flex cursor-pointer items-center justify-between gap-3 rounded-lg px-2 py-2 text-sm hover:bg-raised",
                command === chosen && "bg-accent-soft text-accent-strong",
              )}
            >
              <span className="min-w-0">
                <span className="block truncate">{command.title}</span>
                {command.detail && <span className="block truncate text-xs text-ink-soft">{command.detail}</span>}
              </span>
              {command.keys && <Keys keys={command.keys} />}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

const optionId = (listId: string, { id }: Command): string => `${listId}-${id}`;
