import type { ReactNode } from "react";
import { formatTirage } from "../commands/format-tirage.ts";
import { CopyButton } from "./copy-button.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** What a page says when it has nothing to show: one sentence, what to do, and the same as a command. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  command,
}: {
  icon: IconName;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** The words of a `tirage` command. */
  command?: string;
}) {
  const line = command && formatTirage(command, location.origin);
  return (
    <div className="card flex flex-col items-center gap-4 px-6 py-14 text-center">
      <span className="rounded-full bg-accent-soft p-4 text-accent">
        <Icon name={icon} className="size-7" />
      </span>
      <div className="max-w-md space-y-1">
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="text-sm text-ink-soft">{children}</p>
      </div>
      {action}
      {line && (
        <div className="max-w-full space-y-1 text-xs text-ink-soft">
          <p>Or from a terminal, in Tirage's folder:</p>
          <div className="flex items-center gap-1 rounded-lg bg-raised py-1 pr-1 pl-3">
            <code className="min-w-0 truncate font-mono">{line}</code>
            <CopyButton text={line} name="Copy the command" />
          </div>
        </div>
      )}
    </div>
  );
}
