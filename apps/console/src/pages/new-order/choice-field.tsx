import { Field } from "../../components/field.tsx";

/** One of a few words, each with what it means. */
export function ChoiceField<Word extends string>({
  label,
  hint,
  value,
  words,
  onChange,
}: {
  label: string;
  hint?: string;
  value: Word;
  words: readonly (readonly [word: Word, meaning: string])[];
  onChange: (word: Word) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={value}
          onChange={(event) => {
            const chosen = words.find(([word]) => word === event.target.value);
            if (chosen) onChange(chosen[0]);
          }}
        >
          {words.map(([word, meaning]) => (
            <option key={word} value={word}>
              {meaning}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
