import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";

/** A page that failed while rendering, or whose script is gone since a newer console was installed. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const isOutdated = /dynamically imported module|module script/i.test(String(error));
  return (
    <>
      <PageHeader title={isOutdated ? "A newer console is installed" : "This page stopped"} />
      <ErrorState error={error} onRetry={isOutdated ? () => location.reload() : reset} />
    </>
  );
}
