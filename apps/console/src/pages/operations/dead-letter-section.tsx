import { useSearch } from "@tanstack/react-router";
import type { DeadLetter } from "@tirage/client";
import { useState } from "react";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/section.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { DeadLetterFilter } from "./dead-letter-filter.tsx";
import { DeadLetterGroupCard } from "./dead-letter-group.tsx";
import type { DeadLetterActions } from "./dead-letter-row.tsx";
import { deadLettersAnchor } from "./dead-letters-link.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { groupDeadLetters } from "./group-dead-letters.ts";
import { isOpen, useDeadLetters } from "./use-dead-letters.ts";

/** What could not be handled, by its cause; replayed, or discarded for good. */
export function DeadLetterSection() {
  const search = useSearch({ from: "/operations" });
  const isFiltered = Object.keys(search).length > 0;
  const { query, letters, outcomes, replay, replayCorrected, discard, tidyUp } = useDeadLetters(search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [toDiscard, setToDiscard] = useState<readonly DeadLetter[]>();

  const run = async (act: typeof replay, chosen: readonly DeadLetter[], word: string) => {
    setSelected(new Set());
    const refused = await act(chosen);
    announce(
      `${formatCount(chosen.length - refused, "dead letter")} ${word}${refused > 0 ? `, ${refused} refused` : ""}`,
    );
  };
  const actions: DeadLetterActions = {
    replay: (chosen) => void run(replay, chosen, "replayed"),
    async replayCorrected(letter, payload) {
      await replayCorrected(letter, payload);
      announce("Dead letter replayed with the edited payload");
    },
    discard: setToDiscard,
  };
  const open = letters.filter(({ id }) => isOpen(outcomes.get(id)));
  const chosen = open.filter(({ id }) => selected.has(id));
  const select = (ids: readonly string[], isSelected: boolean) =>
    setSelected((before) => new Set(isSelected ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id))));

  return (
    <Section
      title="Dead letters"
      anchor={deadLettersAnchor}
      aside={
        <div className="flex flex-wrap items-center gap-2">
          {outcomes.size > 0 && (
            <Button kind="quiet" size="small" onClick={tidyUp}>
              Hide the decided
            </Button>
          )}
          {open.length > 1 && (
            <ChosenActions
              chosen={chosen}
              open={open}
              isFiltered={isFiltered}
              hasMore={query.hasNextPage}
              actions={actions}
            />
          )}
        </div>
      }
    >
      {(letters.length > 0 || isFiltered) && <DeadLetterFilter search={search} letters={letters} />}
      {query.isPending && <SkeletonRows rows={2} name="dead letters" />}
      {query.isError && letters.length === 0 && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && letters.length === 0 && <NoDeadLetters isFiltered={isFiltered} />}
      <div className="space-y-4">
        {groupDeadLetters(letters).map((group) => (
          <DeadLetterGroupCard
            key={group.fingerprint}
            group={group}
            outcomes={outcomes}
            selected={selected}
            onSelect={select}
            actions={actions}
          />
        ))}
      </div>
      {query.hasNextPage && (
        <Button className="mt-4" isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older ones
        </Button>
      )}
      {toDiscard && (
        <DiscardDialog
          letters={toDiscard}
          onClose={() => setToDiscard(undefined)}
          onDiscard={() => {
            setToDiscard(undefined);
            void run(discard, toDiscard, "discarded");
          }}
        />
      )}
    </Section>
  );
}

/** Of those that are selected; while none is, of all that are shown. */
function ChosenActions({
  chosen,
  open,
  isFiltered,
  hasMore,
  actions,
}: {
  chosen: readonly DeadLetter[];
  open: readonly DeadLetter[];
  isFiltered: boolean;
  hasMore: boolean;
  actions: DeadLetterActions;
}) {
  const letters = chosen.length > 0 ? chosen : open;
  const all = hasMore ? "all shown" : isFiltered ? "all that match" : "all";
  const what = chosen.length > 0 ? `${chosen.length} selected` : `${all} ${open.length}`;
  return (
    <>
      <Button size="small" icon="repeat" onClick={() => actions.replay(letters)}>
        Replay {what}
      </Button>
      <Button size="small" kind="danger" icon="trash" onClick={() => actions.discard(letters)}>
        Discard {what}
      </Button>
    </>
  );
}

function NoDeadLetters({ isFiltered }: { isFiltered: boolean }) {
  return (
    <EmptyState
      icon="check"
      title={isFiltered ? "No dead letter matches" : "No dead letters"}
      command="dead-letters list"
    >
      {isFiltered
        ? "None of the kept messages is of this reason, stream and order."
        : "Every message could be handled. One that cannot be is kept here, with the reason, until a person decides."}
    </EmptyState>
  );
}
