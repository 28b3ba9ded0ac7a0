import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { DeadLetter, DeadLetterCorrection, DeadLetterReplay } from "@tirage/client";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { sentenceOf } from "../../components/error-state.tsx";
import type { OperationsSearch } from "./search.ts";

/** What came of a person's decision on a letter. It stays in its place until the page is left or told to tidy up. */
export type Outcome =
  | { readonly kind: "busy" }
  | { readonly kind: "replayed"; readonly action: DeadLetterReplay["action"] }
  | { readonly kind: "discarded" }
  | { readonly kind: "refused"; readonly reason: string };

export type Outcomes = ReadonlyMap<string, Outcome>;

const everyMs = 5_000;
const pageSize = 50;

export const deadLettersQuery = (filter: OperationsSearch) =>
  infiniteQueryOptions({
    queryKey: ["dead-letters", filter],
    queryFn: ({ pageParam, signal }) =>
      client.deadLetters.page({ ...filter, limit: pageSize, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: everyMs,
  });

/** The dead letters that the filter lets through, those decided on since among them, and what can be done with them. */
export function useDeadLetters(filter: OperationsSearch) {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(deadLettersQuery(filter));
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  /** They are gone from the list, and shown all the same. */
  const [decided, setDecided] = useState<readonly DeadLetter[]>([]);

  const present = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const presentIds = new Set(present.map(({ id }) => id));
  const letters = [...present, ...decided.filter(({ id }) => !presentIds.has(id))];
  const note = (id: string, outcome: Outcome) => setOutcomes((before) => new Map(before).set(id, outcome));

  /** One after the other, as they would have come; a refusal ends nothing but itself. Answers how many were refused. */
  const decide = async (chosen: readonly DeadLetter[], act: (letter: DeadLetter) => Promise<Outcome>) => {
    const open = chosen.filter(({ id }) => isOpen(outcomes.get(id)));
    const openIds = new Set(open.map(({ id }) => id));
    setDecided((before) => [...before.filter(({ id }) => !openIds.has(id)), ...open]);
    for (const { id } of open) note(id, { kind: "busy" });
    let refused = 0;
    for (const letter of open.toReversed()) {
      const outcome = await act(letter).catch((error): Outcome => ({ kind: "refused", reason: sentenceOf(error) }));
      if (outcome.kind === "refused") refused += 1;
      note(letter.id, outcome);
    }
    await queryClient.invalidateQueries({ queryKey: ["dead-letters"] });
    return refused;
  };

  return {
    query,
    letters,
    outcomes,
    replay: (chosen: readonly DeadLetter[]) =>
      decide(chosen, async ({ id }) => ({ kind: "replayed", action: (await client.deadLetters.replay(id)).action })),
    /** With another payload. Rejects when it is refused, and then leaves the letter as it is. */
    replayCorrected: async (letter: DeadLetter, payload: DeadLetterCorrection["payload"]) => {
      const isOther = ({ id }: DeadLetter) => id !== letter.id;
      setDecided((before) => [...before.filter(isOther), letter]);
      try {
        const { action } = await client.deadLetters.replay(letter.id, { payload });
        note(letter.id, { kind: "replayed", action });
      } catch (error) {
        setDecided((before) => before.filter(isOther));
        throw error;
      }
      await queryClient.invalidateQueries({ queryKey: ["dead-letters"] });
    },
    discard: (chosen: readonly DeadLetter[]) =>
      decide(chosen, async ({ id }) => {
        await client.deadLetters.discard(id);
        return { kind: "discarded" };
      }),
    /** Takes what has been decided out of sight. */
    tidyUp: () => {
      setDecided([]);
      setOutcomes(new Map());
    },
  };
}

/** Nothing has been done with it yet, or what was tried was refused. */
export const isOpen = (outcome: Outcome | undefined): boolean => outcome === undefined || outcome.kind === "refused";
