import type { OrderRequestInput } from "@tirage/contracts";
import { useId, useState } from "react";
import { formatCommandLine } from "../commands/format-command-line.ts";
import { formatCurl } from "../commands/format-curl.ts";
import { formatTypeScript } from "../commands/format-typescript.ts";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { copyText } from "./copy-text.ts";

const kinds = [
  { name: "curl", format: formatCurl, where: "" },
  { name: "TypeScript", format: formatTypeScript, where: "In a project that has @tirage/client: see the README." },
  { name: "CLI", format: formatCommandLine, where: "In Tirage's folder, once npm start has run there." },
] as const;

/** An order as a command or code that places it, in three ways to choose from. */
export function OrderCommands({ request }: { request: OrderRequestInput }) {
  const [chosen, setChosen] = useState<(typeof kinds)[number]>(kinds[0]);
  const panelId = useId();
  const text = chosen.format(request, location.origin);
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div role="tablist" aria-label="Copy as" className="flex gap-1 rounded-lg bg-raised p-1">
          {kinds.map((kind, index) => (
            <button
              key={kind.name}
              type="button"
              role="tab"
              aria-selected={kind === chosen}
              aria-controls={panelId}
              tabIndex={kind === chosen ? 0 : -1}
              onClick={() => setChosen(kind)}
              onKeyDown={(event) => {
                const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                const next = kinds[(index + step + kinds.length) % kinds.length];
                if (step === 0 || !next) return;
                setChosen(next);
                const tabs = event.currentTarget.parentElement?.querySelectorAll("button");
                tabs?.[kinds.indexOf(next)]?.focus();
              }}
              className={classNames(
                "rounded-md px-2.5 py-1 text-xs font-medium",
                kind === chosen ? "bg-surface text-ink shadow-xs" : "text-ink-soft hover:text-ink",
              )}
            >
              {kind.name}
            </button>
          ))}
        </div>
        <Button kind="quiet" size="small" icon="copy" onClick={() => void copyText(text, chosen.name)}>
          Copy
        </Button>
      </div>
      <pre
        id={panelId}
        role="tabpanel"
        aria-label={`As ${chosen.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the keyboard
        tabIndex={0}
        className="max-h-64 overflow-auto rounded-lg border border-line bg-canvas p-3 font-mono text-xs leading-relaxed whitespace-pre"
      >
        {text}
      </pre>
      {chosen.where && <p className="text-xs text-ink-soft">{chosen.where}</p>}
    </div>
  );
}
