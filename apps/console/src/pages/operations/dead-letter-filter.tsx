import { useNavigate } from "@tanstack/react-router";
import type { DeadLetter } from "@tirage/client";
import { Button } from "../../components/button.tsx";
import type { OperationsSearch } from "./search.ts";

/** Narrows the dead letters; what is chosen is in the page's address. */
export function DeadLetterFilter({ search, letters }: { search: OperationsSearch; letters: readonly DeadLetter[] }) {
  const navigate = useNavigate({ from: "/operations" });
  const choose = (change: OperationsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div className="mb-3 flex flex-wrap items-end gap-3">
      <Choice
        label="Reason"
        value={search.code}
        options={letters.map(({ code }) => code)}
        onChoose={(code) => choose({ code })}
      />
      <Choice
        label="Stream"
        value={search.stream}
        options={letters.map(({ stream }) => stream)}
        onChoose={(stream) => choose({ stream })}
      />
      <Choice
        label="Order"
        value={search.orderId}
        options={letters.flatMap(({ orderId }) => orderId ?? [])}
        show={(orderId) => `…${orderId.slice(-8)}`}
        onChoose={(orderId) => choose({ orderId })}
      />
      {isFiltered && (
        <Button
          kind="quiet"
          icon="close"
          onClick={() => choose({ code: undefined, stream: undefined, orderId: undefined })}
        >
          Show all
        </Button>
      )}
    </div>
  );
}

function Choice({
  label,
  value,
  options,
  show = (option) => option,
  onChoose,
}: {
  label: string;
  value: string | undefined;
  options: readonly string[];
  show?: (option: string) => string;
  onChoose: (value: string | undefined) => void;
}) {
  const all = [...new Set([...options, ...(value ? [value] : [])])].sort();
  return (
    <label className="w-full text-xs text-ink-soft sm:w-48">
      {label}
      <select
        className="input mt-1 block"
        value={value ?? ""}
        onChange={(event) => onChoose(event.target.value || undefined)}
      >
        <option value="">All</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {show(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
