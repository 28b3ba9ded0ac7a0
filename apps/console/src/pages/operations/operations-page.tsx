import { useQuery } from "@tanstack/react-query";
import { queuesQuery, workersQuery } from "../../api/operations.ts";
import { reachability } from "../../api/reachability.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Section } from "../../components/section.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { DeadLetterSection } from "./dead-letter-section.tsx";
import { DeadLettersLink } from "./dead-letters-link.tsx";
import { groupQueues } from "./group-queues.ts";
import { HealthLine } from "./health-line.tsx";
import { ProviderCard } from "./provider-card.tsx";
import { QueueList } from "./queue-list.tsx";
import { useRateHistory } from "./rate-history.ts";
import { StuckAlert } from "./stuck-alert.tsx";
import { WorkerList } from "./worker-list.tsx";

export function OperationsPage() {
  return (
    <>
      <PageHeader
        title="Operations"
        actions={
          <>
            <DeadLettersLink />
            <HealthLine />
          </>
        }
      >
        What waits, who works, and what needs a person. Renewed every two seconds.
      </PageHeader>
      <Work />
      <DeadLetterSection />
    </>
  );
}

/** Queues and workers: the broker knows both, or neither can be told. */
function Work() {
  const queues = useQuery(queuesQuery);
  const workers = useQuery(workersQuery);
  const rates = useRateHistory(queues.data, queues.dataUpdatedAt);
  const { isReachable } = reachability.use();
  const error = queues.data && workers.data ? null : (queues.error ?? workers.error);
  if (error) {
    const retry = () => void Promise.all([queues.refetch(), workers.refetch()]);
    return <ErrorState error={error} onRetry={retry} />;
  }
  if (!queues.data || !workers.data) return <SkeletonRows rows={4} name="queues and workers" />;
  const isFollowed = isReachable && !queues.isError && !workers.isError;
  const asOfMs = isFollowed ? undefined : Math.min(queues.dataUpdatedAt, workers.dataUpdatedAt);
  const { providers, others } = groupQueues(queues.data);
  const slots = workers.data.reduce((sum, worker) => sum + (worker.drain ? 0 : (worker.slots ?? 0)), 0);
  return (
    <>
      <StuckAlert queues={queues.data} workers={workers.data} />
      <Section title="Providers" asOfMs={asOfMs}>
        <div className="grid gap-4 lg:grid-cols-2">
          {providers.map((queues) => (
            <ProviderCard
              key={queues.provider}
              queues={queues}
              rates={rates.get(queues.work?.name ?? "") ?? []}
              asOfMs={asOfMs}
            />
          ))}
        </div>
      </Section>
      <Section
        title="Workers"
        asOfMs={asOfMs}
        aside={
          <p className="text-sm text-ink-soft">
            {formatCount(workers.data.length, "worker")}, {formatCount(slots, "slot")}
          </p>
        }
      >
        <WorkerList workers={workers.data} asOfMs={asOfMs} />
      </Section>
      <Section title="Internal queues" asOfMs={asOfMs}>
        <QueueList queues={others} />
      </Section>
    </>
  );
}
