import { type ReactNode, useEffect } from "react";

/** The page's one h1, what can be done with the page, and the title of the tab (`title` unless it says more). */
export function PageHeader({
  title,
  tabTitle = title,
  children,
  actions,
}: {
  title: string;
  tabTitle?: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${tabTitle} · Tirage`;
  }, [tabTitle]);
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        {children && <div className="mt-1 text-sm text-ink-soft">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
