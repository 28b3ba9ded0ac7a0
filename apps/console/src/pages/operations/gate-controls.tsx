import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { queuesQuery } from "../../api/operations.ts";
import { Button } from "../../components/button.tsx";
import { sentenceOf } from "../../components/error-state.tsx";
import type { GateView } from "./describe-gate.ts";

/** Has a provider given no more calls, or given them again. */
export function GateControls({ provider, view }: { provider: string; view: GateView }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (action: "pause" | "resume") => client.queues[action](provider),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queuesQuery.queryKey }),
  });
  const busy = change.isPending ? change.variables : undefined;
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex flex-wrap gap-2">
        {!view.isOpen && (
          <Button size="small" icon="play" isBusy={busy === "resume"} onClick={() => change.mutate("resume")}>
            {view.isPausedByPerson ? "Resume" : "Try now"}
            <span className="sr-only"> {provider}</span>
          </Button>
        )}
        {!view.isPausedByPerson && (
          <Button size="small" icon="pause" isBusy={busy === "pause"} onClick={() => change.mutate("pause")}>
            Pause<span className="sr-only"> {provider}</span>
          </Button>
        )}
      </div>
      {change.isError && (
        <p role="alert" className="text-xs text-bad">
          {sentenceOf(change.error)}
        </p>
      )}
    </div>
  );
}
