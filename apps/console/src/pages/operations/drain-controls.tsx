import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Worker } from "@tirage/client";
import { client } from "../../api/client.ts";
import { workersQuery } from "../../api/operations.ts";
import { Button } from "../../components/button.tsx";
import { sentenceOf } from "../../components/error-state.tsx";

/** Has a worker take no new work, or take work again. */
export function DrainControls({ worker: { id, drain } }: { worker: Worker }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: () => client.workers[drain ? "resume" : "drain"](id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: workersQuery.queryKey }),
  });
  return (
    <>
      <Button size="small" icon={drain ? "play" : "pause"} isBusy={change.isPending} onClick={() => change.mutate()}>
        {drain ? "Resume" : "Drain"}
        <span className="sr-only"> {id}</span>
      </Button>
      {change.isError && (
        <p role="alert" className="text-xs text-bad">
          {sentenceOf(change.error)}
        </p>
      )}
    </>
  );
}
