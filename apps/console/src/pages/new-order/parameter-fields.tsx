import type { Model } from "@tirage/client";
import { Field, type FieldIds } from "../../components/field.tsx";
import type { Faults } from "./build-request.ts";
import { pointerOf } from "./build-request.ts";
import { type ParameterRule, rangeOf } from "./parameter-value.ts";

/** A field for each parameter of the model. Left empty it is the model's default. */
export function ParameterFields({
  parameters,
  values,
  faults,
  onChange,
}: {
  parameters: Model["parameters"];
  values: Readonly<Record<string, string>>;
  faults: Faults;
  onChange: (name: string, value: string) => void;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {Object.entries(parameters).map(([name, rule]) => (
        <Field
          key={name}
          label={titleOf(name)}
          hint={hintOf(rule)}
          fault={faults[pointerOf(["parameters", name])]}
          className={isJson(rule) ? "sm:col-span-2" : ""}
        >
          {(ids) => (
            <ParameterInput
              ids={ids}
              rule={rule}
              value={values[name] ?? ""}
              onChange={(value) => onChange(name, value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

interface InputProps {
  ids: FieldIds;
  rule: ParameterRule;
  value: string;
  onChange: (value: string) => void;
}

function ParameterInput({ ids, rule, value, onChange }: InputProps) {
  const options = rule.type === "boolean" ? ["true", "false"] : rule.options?.map(String);
  if (options) {
    return (
      <select {...ids} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{defaultOf(rule)}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {rule.type === "boolean" ? (option === "true" ? "Yes" : "No") : option}
          </option>
        ))}
      </select>
    );
  }
  if (isJson(rule)) {
    return (
      <textarea
        {...ids}
        rows={2}
        spellCheck={false}
        className="input font-mono"
        placeholder={rule.type === "array" ? "[]" : "{}"}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const isNumber = rule.type === "integer" || rule.type === "number";
  return (
    <input
      {...ids}
      className="input"
      {...(isNumber && { inputMode: rule.type === "integer" ? "numeric" : "decimal" })}
      placeholder={defaultOf(rule)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

const isJson = ({ type }: ParameterRule): boolean => type === "array" || type === "object";

/** "num_inference_steps" is "Num inference steps". */
const titleOf = (name: string): string => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");

function defaultOf(rule: ParameterRule): string {
  if (rule.default === undefined || rule.default === "") return "Default";
  if (typeof rule.default === "boolean") return `Default (${rule.default ? "yes" : "no"})`;
  return `Default (${typeof rule.default === "string" ? rule.default : JSON.stringify(rule.default)})`;
}

function hintOf(rule: ParameterRule): string | undefined {
  const hasRange = rule.minimum !== undefined || rule.maximum !== undefined;
  const range = hasRange ? rangeOf(rule) : undefined;
  const sentence = range && `${range.charAt(0).toUpperCase()}${range.slice(1)}.`;
  return [rule.description, sentence].filter(Boolean).join(" ") || undefined;
}
