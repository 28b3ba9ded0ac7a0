import type { Queue, Worker } from "@tirage/client";
import { CopyButton } from "../../components/copy-button.tsx";
import { formatCount } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { findStuck } from "./find-stuck.ts";

/** Shown while work waits and nobody takes any. */
export function StuckAlert({ queues, workers }: { queues: readonly Queue[]; workers: readonly Worker[] }) {
  const stuck = findStuck(queues, workers, location.origin);
  if (!stuck) return null;
  return (
    <div role="alert" className="card flex items-start gap-3 border-warn bg-warn-soft p-4 text-warn">
      <Icon name="alert" className="mt-0.5 size-5" />
      <div className="min-w-0 text-sm">
        <p className="font-semibold">
          {formatCount(stuck.waiting, "message")} waiting, and{" "}
          {stuck.areDrained ? "every worker for it is drained" : "no worker is running for it"}.
        </p>
        <p className="mt-1">
          Nothing is lost: the work starts as soon as{" "}
          {stuck.areDrained ? "one is resumed, here or below, or another generator starts." : "a generator does."} On
          this machine:
        </p>
        <p className="mt-2 flex items-center gap-1">
          <code className="min-w-0 rounded bg-surface px-2 py-1 font-mono text-xs text-ink">{stuck.command}</code>
          <CopyButton text={stuck.command} name="Copy the command" what="Command" />
        </p>
      </div>
    </div>
  );
}
