import { useQuery } from "@tanstack/react-query";
import { itemStatuses } from "@tirage/contracts";
import { useEffect, useRef, useState } from "react";
import { modelsQuery } from "../../api/models.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { lookOf } from "../../components/status-badge.tsx";
import type { GalleryFilter } from "./search.ts";

/** How long typing must rest before the images are asked for anew. */
const restMs = 300;

/** Narrows the images; what is chosen is in the page's address. */
export function GalleryFilterBar({
  filter,
  onChange,
}: {
  filter: GalleryFilter;
  onChange: (change: GalleryFilter) => void;
}) {
  const { data: models = [] } = useQuery(modelsQuery);
  const providers = [...new Set(models.map(({ provider }) => provider))].sort();
  const offered = models.filter(({ provider }) => !filter.provider || provider === filter.provider);
  return (
    <search className="mb-6 grid gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1.5fr_auto] lg:items-end">
      <PromptSearch search={filter.search} onChange={(search) => onChange({ search })} />
      <Choice
        label="Order is"
        value={filter.status}
        options={itemStatuses.map((status) => [status, lookOf(status).text])}
        onChoose={(status) => onChange({ status: itemStatuses.find((known) => known === status) })}
      />
      <Choice
        label="Provider"
        value={filter.provider}
        options={providers.map((provider) => [provider, provider])}
        onChoose={(provider) => onChange({ provider, model: undefined })}
      />
      <Choice
        label="Model"
        value={filter.model}
        options={offered.map(({ model, title }) => [model, title])}
        onChoose={(model) => onChange({ model })}
      />
      <Button
        kind="quiet"
        icon="close"
        disabled={Object.keys(filter).length === 0}
        onClick={() => onChange({ search: undefined, status: undefined, provider: undefined, model: undefined })}
      >
        Show all
      </Button>
    </search>
  );
}

function PromptSearch({
  search = "",
  onChange,
}: {
  search: string | undefined;
  onChange: (search: string | undefined) => void;
}) {
  const [text, setText] = useState(search);
  const asked = useRef(search);
  // "Show all" and the browser's Back change it from outside; what was asked here may have been typed on since.
  useEffect(() => {
    if (search !== asked.current) setText(search);
    asked.current = search;
  }, [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (text === search) return;
    const timer = setTimeout(() => {
      asked.current = text;
      onChange(text || undefined);
    }, restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Field label="Prompt contains">
      {(ids) => (
        <input
          {...ids}
          type="search"
          maxLength={200}
          className="input h-10"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </Field>
  );
}

function Choice({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string | undefined;
  options: readonly (readonly [value: string, text: string])[];
  onChoose: (value: string | undefined) => void;
}) {
  return (
    <Field label={label}>
      {(ids) => (
        <select
          {...ids}
          className="input h-10"
          value={value ?? ""}
          onChange={(event) => onChoose(event.target.value || undefined)}
        >
          <option value="">All</option>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
