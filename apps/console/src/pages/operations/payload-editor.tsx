import { type DeadLetter, type DeadLetterCorrection, TirageProblem } from "@tirage/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { sentenceOf } from "../../components/error-state.tsx";
import { Field } from "../../components/field.tsx";
import { formatPayload } from "./format-payload.ts";

type Payload = DeadLetterCorrection["payload"];

/** The payload as text to correct; what is wrong with it is told at the field, by the page or by the API. */
export function PayloadEditor({
  letter,
  onReplay,
  onCancel,
}: {
  letter: DeadLetter;
  /** Rejects when it is refused. */
  onReplay: (payload: Payload) => Promise<void>;
  onCancel: () => void;
}) {
  const [text, setText] = useState(() => (letter.bodyEncoding === "base64" ? "" : formatPayload(letter).text));
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const refuse = (reason: string) => {
    setFault(reason);
    field.current?.focus();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const read = readPayload(text);
    if (typeof read === "string") return refuse(read);
    setFault(undefined);
    setBusy(true);
    try {
      await onReplay(read);
    } catch (error) {
      setBusy(false);
      refuse(faultOf(error));
    }
  };
  return (
    <form aria-label={`Edit the payload of dead letter ${letter.id}`} onSubmit={(event) => void submit(event)}>
      <Field label="Payload as JSON" fault={fault}>
        {(ids) => (
          <textarea
            {...ids}
            ref={field}
            rows={14}
            spellCheck={false}
            readOnly={isBusy}
            className="input font-mono text-xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button type="submit" kind="primary" size="small" icon="repeat" isBusy={isBusy}>
          Replay edited
        </Button>
        <Button size="small" disabled={isBusy} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** The object that the text is, or what is wrong with it. */
function readPayload(text: string): Payload | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Payload;
    return "must be a JSON object";
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Each fault with its place in the payload. */
function faultOf(error: unknown): string {
  const faults = error instanceof TirageProblem ? error.errors : [];
  if (faults.length === 0) return sentenceOf(error);
  return faults.map(({ pointer, detail }) => `${pointer.replace(/^\/payload/, "") || "it"}: ${detail}`).join("; ");
}
