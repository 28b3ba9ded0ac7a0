import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../api/health.ts";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";

/** The trace, in a tab of its own; its id to copy where the installation does not say where traces are shown. */
export function TraceLink({ id }: { id: string }) {
  const { data: template, isPending } = useQuery({
    ...healthQuery,
    refetchInterval: false,
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ traceUrlTemplate }) => traceUrlTemplate,
  });
  if (isPending) return null;
  if (template) {
    return (
      <a
        href={template.replaceAll("{traceId}", id)}
        target="_blank"
        rel="noopener"
        className="link inline-flex items-center gap-1"
      >
        Trace <Icon name="external" className="size-3" />
        <span className="sr-only">(opens another tab)</span>
      </a>
    );
  }
  return (
    <span className="inline-flex items-center gap-1">
      <code className="break-all font-mono text-xs">{id}</code>
      <CopyButton text={id} name="Copy the trace's id" what="Trace id" />
    </span>
  );
}
