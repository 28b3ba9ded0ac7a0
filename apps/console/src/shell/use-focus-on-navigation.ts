import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** Another page begins at its content, for the keyboard and for screen readers; a change of filters is no other page. */
export function useFocusOnNavigation(id: string): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    document.getElementById(id)?.focus({ preventScroll: true });
  }, [pathname, id]);
}
