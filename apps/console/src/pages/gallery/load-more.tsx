import { useEffect, useRef } from "react";
import { Button } from "../../components/button.tsx";

/** Asks for the next page as it comes near; a button for whoever does not scroll. */
export function LoadMore({ isBusy, onMore, shown }: { isBusy: boolean; onMore: () => void; shown: number }) {
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: watched anew after each page, as its end may be seen still
  useEffect(() => {
    const { current } = end;
    if (!current || isBusy) return;
    // Several changes may be told together: the last is how it is, and may be the only one to say so.
    const observer = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && onMore(), {
      rootMargin: "1200px",
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [isBusy, shown]);
  return (
    <div ref={end} className="mt-6 flex justify-center">
      <Button isBusy={isBusy} onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}
