import { Link } from "@tanstack/react-router";
import type { DeadLetter, DeadLetterCorrection } from "@tirage/client";
import { useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Badge } from "../../components/status-badge.tsx";
import { TraceLink } from "../../components/trace-link.tsx";
import { LetterPayload } from "./letter-payload.tsx";
import { isOpen, type Outcome } from "./use-dead-letters.ts";

export interface DeadLetterActions {
  replay(letters: readonly DeadLetter[]): void;
  /** Rejects when it is refused. */
  replayCorrected(letter: DeadLetter, payload: DeadLetterCorrection["payload"]): Promise<void>;
  /** Asks first. */
  discard(letters: readonly DeadLetter[]): void;
}

/** One dead letter: what it is, what is in it, and what came of a decision on it. */
export function DeadLetterRow({
  letter,
  outcome,
  isSelected,
  onSelect,
  actions,
}: {
  letter: DeadLetter;
  outcome: Outcome | undefined;
  isSelected: boolean;
  onSelect: (isSelected: boolean) => void;
  actions: DeadLetterActions;
}) {
  const [isShown, setShown] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const { id, orderId, index, deliveryCount, deadAt, subject, traceId } = letter;
  return (
    <li className="border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <label className="flex items-center gap-2 font-medium">
          <input
            type="checkbox"
            checked={isSelected}
            disabled={!isOpen(outcome)}
            onChange={(event) => onSelect(event.target.checked)}
            className="size-4 accent-accent"
          />
          <span>
            <span className="sr-only">Select dead letter </span>#{id}
          </span>
        </label>
        <p className="min-w-0 grow text-ink-soft">
          <span className="font-mono text-xs">{subject}</span>, {formatCount(deliveryCount, "attempt")}, dead{" "}
          <RelativeTime instant={deadAt} />
          {orderId && (
            <>
              ,{" "}
              <Link to="/orders/$id" params={{ id: orderId }} className="link">
                order …{orderId.slice(-8)}
                {index !== null && ` item ${index + 1}`}
              </Link>
            </>
          )}
          {traceId && (
            <>
              , <TraceLink id={traceId} />
            </>
          )}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <OutcomeBadge outcome={outcome} />
          {isOpen(outcome) && (
            <>
              <Button size="small" icon="repeat" onClick={() => actions.replay([letter])}>
                Replay<span className="sr-only"> dead letter {id}</span>
              </Button>
              <Button size="small" kind="danger" icon="trash" onClick={() => actions.discard([letter])}>
                Discard<span className="sr-only"> dead letter {id}</span>
              </Button>
            </>
          )}
          <Button ref={toggle} size="small" kind="quiet" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? "Hide" : "Show"} payload<span className="sr-only"> of dead letter {id}</span>
          </Button>
        </div>
      </div>
      {outcome?.kind === "refused" && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {outcome.reason}
        </p>
      )}
      {isShown && (
        <div className="mt-3">
          <LetterPayload
            letter={letter}
            isOpen={isOpen(outcome)}
            onReplay={(payload) => actions.replayCorrected(letter, payload)}
            onEnd={() => toggle.current?.focus()}
          />
        </div>
      )}
    </li>
  );
}

const replayed = { republished: "Replayed: put back where it was", retried: "Replayed: its item runs again" } as const;

function OutcomeBadge({ outcome }: { outcome: Outcome | undefined }) {
  switch (outcome?.kind) {
    case undefined:
      return null;
    case "busy":
      return (
        <Badge tone="busy" icon="spinner">
          Working
        </Badge>
      );
    case "replayed":
      return (
        <Badge tone="good" icon="check">
          {replayed[outcome.action]}
        </Badge>
      );
    case "discarded":
      return (
        <Badge tone="idle" icon="trash">
          Discarded
        </Badge>
      );
    case "refused":
      return (
        <Badge tone="bad" icon="cross">
          Refused
        </Badge>
      );
  }
}
