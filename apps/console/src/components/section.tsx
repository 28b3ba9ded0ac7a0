import { type ReactNode, useId } from "react";
import { AsOf } from "./as-of.tsx";
import { classNames } from "./class-names.ts";

/** A part of a page with a heading of its own. */
export function Section({
  title,
  anchor,
  aside,
  asOfMs,
  children,
}: {
  title: string;
  /** What links on the page lead to. */
  anchor?: string;
  aside?: ReactNode;
  /** Of when it is, in milliseconds since 1970, where it is no longer followed. */
  asOfMs?: number | undefined;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      id={anchor}
      aria-labelledby={id}
      className={classNames("mt-8 scroll-mt-28", asOfMs !== undefined && "stale")}
    >
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {asOfMs === undefined ? aside : <AsOf ms={asOfMs} />}
      </div>
      {children}
    </section>
  );
}
