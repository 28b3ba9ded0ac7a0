import type { DeadLetter } from "@tirage/client";
import { CopyButton } from "../../components/copy-button.tsx";
import { formatPayload } from "./format-payload.ts";

/** The message as it lies on the broker, for a person to read and to copy. */
export function PayloadViewer({ letter }: { letter: DeadLetter }) {
  const payload = formatPayload(letter);
  const headers = Object.entries(letter.headers).sort(([left], [right]) => left.localeCompare(right));
  return (
    <div className="space-y-3">
      <Block name={`Payload of dead letter ${letter.id}`} title={`Payload, ${payload.kind}`} text={payload.text} />
      {headers.length > 0 && (
        <Block
          name={`Headers of dead letter ${letter.id}`}
          title="Headers"
          text={headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
        />
      )}
    </div>
  );
}

function Block({ name, title, text }: { name: string; title: string; text: string }) {
  return (
    <div>
      <div className="flex items-center justify-between">
        <p className="text-xs text-ink-soft">{title}</p>
        <CopyButton text={text} name={`Copy: ${name}`} what={title.split(",")[0] ?? title} />
      </div>
      <section
        aria-label={name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by the keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-lg bg-raised p-3"
      >
        <pre className="font-mono text-xs whitespace-pre-wrap">{text}</pre>
      </section>
    </div>
  );
}
