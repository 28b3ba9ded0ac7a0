import { TirageConnectionError, TirageProblem } from "@tirage/client";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";
import { Icon } from "./icon.tsx";

/** What people need to report it. */
function describeError(error: unknown): string {
  const when = `${new Date().toISOString()} ${location.href}`;
  if (error instanceof TirageProblem) {
    const { status, type, title, detail, requestId, traceId } = error;
    return `${title} (${status} ${type})\n${detail}\nRequest ${requestId}${traceId ? `\nTrace ${traceId}` : ""}\n${when}`;
  }
  return error instanceof Error ? `${error.stack ?? error.message}\n${when}` : `${String(error)}\n${when}`;
}

/** One sentence for people. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TirageProblem) return error.detail;
  if (error instanceof TirageConnectionError) return "The API did not answer.";
  return error instanceof Error ? error.message : String(error);
}

const titleOf = (error: unknown): string => {
  if (error instanceof TirageProblem) return error.title;
  return error instanceof TirageConnectionError ? "No connection to the API" : "Something went wrong";
};

/** In place of what could not be shown, with a way on and details to copy. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const details = describeError(error);
  return (
    <div role="alert" className="card flex flex-col items-start gap-4 border-bad p-6">
      <div className="flex items-start gap-3">
        <Icon name="alert" className="mt-0.5 size-5 text-bad" />
        <div>
          <h2 className="font-semibold">{titleOf(error)}</h2>
          <p className="mt-1 text-sm text-ink-soft">
            {sentenceOf(error)}
            {error instanceof TirageConnectionError && " It is tried again by itself."}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {onRetry && (
          <Button icon="repeat" size="small" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button kind="quiet" icon="copy" size="small" onClick={() => void copyText(details, "Details")}>
          Copy details
        </Button>
      </div>
      <details className="w-full text-sm">
        <summary className="text-ink-soft">Details</summary>
        <pre className="mt-2 max-h-60 overflow-auto rounded-lg bg-raised p-3 font-mono text-xs whitespace-pre-wrap">
          {details}
        </pre>
      </details>
    </div>
  );
}
