import { useQuery } from "@tanstack/react-query";
import type { Health } from "@tirage/client";
import { healthQuery } from "../../api/health.ts";
import { reachability } from "../../api/reachability.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatClock, formatCount } from "../../components/format.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Section } from "../../components/section.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Badge } from "../../components/status-badge.tsx";
import { Checklist } from "./checklist.tsx";

export function HealthPage() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(healthQuery);
  const asOfMs = reachability.use().isReachable && !error ? undefined : dataUpdatedAt;
  return (
    <>
      <PageHeader title="Health">
        Every service with its version, and what it needs. Renewed every five seconds.
      </PageHeader>
      {data ? (
        <>
          <Checklist health={data} asOfMs={asOfMs} />
          <Services services={data.services} asOfMs={asOfMs} />
        </>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={5} name="the health of the services" />
      )}
    </>
  );
}

function Services({ services, asOfMs }: { services: Health["services"]; asOfMs: number | undefined }) {
  return (
    <Section title="Services" asOfMs={asOfMs}>
      {services ? (
        <ul className="grid gap-3 lg:grid-cols-2">
          {services.map(({ service, replicas }) => (
            <li key={service} className="card p-4">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <h3 className="font-semibold">{service}</h3>
                <Badge tone={replicas.length > 0 ? "good" : "bad"} icon={replicas.length > 0 ? "check" : "cross"}>
                  {replicas.length > 0 ? formatCount(replicas.length, "replica") : "None is running"}
                </Badge>
              </div>
              <ul className="mt-2 space-y-2 text-sm text-ink-soft">
                {replicas.map(({ id, version, startedAt, lastSeenAt }) => (
                  <li key={id}>
                    <span className="font-mono text-xs text-ink">{id}</span>
                    <br />
                    Version {version}, started <RelativeTime instant={startedAt} />, heartbeat{" "}
                    {asOfMs === undefined ? <RelativeTime instant={lastSeenAt} /> : formatClock(Date.parse(lastSeenAt))}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      ) : (
        <p className="card p-5 text-sm text-ink-soft">The broker, which knows the services, is away.</p>
      )}
    </Section>
  );
}
