import type { ItemStatus } from "@tirage/contracts";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "idle" | "busy" | "good" | "warn" | "bad";

const toneClasses: Readonly<Record<Tone, string>> = {
  idle: "bg-raised text-ink-soft",
  busy: "bg-busy-soft text-busy",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

/** Colour, icon and text together, so that none of them alone carries the meaning. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: React.ReactNode }) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap",
        toneClasses[tone],
      )}
    >
      <Icon name={icon} className={classNames("size-3.5", icon === "spinner" && "animate-spin")} />
      {children}
    </span>
  );
}

interface StatusLook {
  tone: Tone;
  icon: IconName;
  text: string;
}

const looks: Readonly<Record<ItemStatus, StatusLook>> = {
  pending: { tone: "idle", icon: "clock", text: "Pending" },
  processing: { tone: "busy", icon: "spinner", text: "Processing" },
  completed: { tone: "good", icon: "check", text: "Completed" },
  failed: { tone: "bad", icon: "cross", text: "Failed" },
  cancelled: { tone: "idle", icon: "ban", text: "Cancelled" },
};
const partialLook: StatusLook = { tone: "warn", icon: "half", text: "Partly completed" };

/** How a status is told everywhere. */
export const lookOf = (status: ItemStatus, isPartial = false): StatusLook =>
  status === "completed" && isPartial ? partialLook : looks[status];

export function StatusBadge({ status, isPartial = false }: { status: ItemStatus; isPartial?: boolean }) {
  const { tone, icon, text } = lookOf(status, isPartial);
  return (
    <Badge tone={tone} icon={icon}>
      {text}
    </Badge>
  );
}
