import { useState } from "react";
import { Field } from "../../components/field.tsx";

/** Parameters of a model that the catalogue does not know, as one JSON object. */
export function OtherParameters({
  values,
  fault,
  onChange,
}: {
  values: Readonly<Record<string, string>>;
  fault: string | undefined;
  onChange: (values: Record<string, string>) => void;
}) {
  const [text, setText] = useState(() => formatValues(values));
  const isRead = readValues(text) !== undefined;
  return (
    <Field label="As JSON" fault={isRead ? fault : "must be an object, such as {“steps”: 4}"}>
      {(ids) => (
        <textarea
          {...ids}
          rows={4}
          spellCheck={false}
          className="input font-mono"
          placeholder="{}"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const read = readValues(event.target.value);
            if (read) onChange(read);
          }}
        />
      )}
    </Field>
  );
}

function readValues(text: string): Record<string, string> | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, JSON.stringify(entry)]));
  } catch {
    return undefined;
  }
}

function formatValues(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).filter(([, text]) => text !== "");
  if (entries.length === 0) return "";
  return JSON.stringify(Object.fromEntries(entries.map(([name, text]) => [name, parseOrText(text)])), undefined, 2);
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
