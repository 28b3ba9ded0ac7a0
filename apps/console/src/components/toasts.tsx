import { useEffect } from "react";
import { Button, IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { createStore } from "./create-store.ts";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly message: string;
  /** Such as "Undo". */
  readonly action?: { readonly label: string; run(): void };
}

const shownForMs = 8_000;
const mostAtOnce = 3;
const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

/** Says what just happened, for a while. What went wrong with a field or a page belongs there instead. */
export function showToast(toast: Omit<Toast, "id">): void {
  lastId += 1;
  toasts.set([...toasts.get(), { ...toast, id: lastId }].slice(-mostAtOnce));
}

const dismiss = (id: number): void => toasts.set(toasts.get().filter((toast) => toast.id !== id));

/** Stands once in the page. */
export function Toasts() {
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-30 flex flex-col items-center gap-2 p-4 sm:items-end"
    >
      {toasts.use().map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast: { id, tone, message, action } }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), shownForMs);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className="card pointer-events-auto flex w-full max-w-sm items-center gap-3 py-2 pr-2 pl-4 text-sm shadow-lg">
      <Icon
        name={tone === "good" ? "check" : "alert"}
        className={classNames("size-5", tone === "good" ? "text-good" : "text-bad")}
      />
      <p className="grow">{message}</p>
      {action && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton name="Dismiss" icon="close" onClick={() => dismiss(id)} />
    </div>
  );
}
