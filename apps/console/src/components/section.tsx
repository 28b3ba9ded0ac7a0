import { type ReactNode, useId } from "react";

/** A part of a page with a heading of its own. */
export function Section({
  title,
  anchor,
  aside,
  children,
}: {
  title: string;
  /** What links on the page lead to. */
  anchor?: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section id={anchor} aria-labelledby={id} className="mt-8 scroll-mt-28">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
