import { type ReactNode, useEffect, useRef, useState } from "react";

/** About two screens: what is scrolled to is there before it is seen. */
const marginPx = 1_500;

const listeners = new WeakMap<Element, (isNear: boolean) => void>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
  },
  { rootMargin: `${marginPx}px 0px` },
);

/**
 * An entry of a long list, whose content is in the page only while it is near what is seen, or has the focus. Its size must
 * not come from the content.
 */
export function NearItem({ className, children }: { className: string; children: ReactNode }) {
  const place = useRef<HTMLLIElement>(null);
  const [isNear, setIsNear] = useState(true);
  useEffect(() => {
    const { current } = place;
    if (!current) return;
    listeners.set(current, (next) => setIsNear(next || current.contains(document.activeElement)));
    observer.observe(current);
    return () => observer.unobserve(current);
  }, []);
  return (
    <li ref={place} className={className}>
      {isNear && children}
    </li>
  );
}
