import { useEffect, useRef } from "react";
import { isTyping } from "../../palette/is-typing.ts";

/** j and k move the focus down and up through the links of the list, unless somebody types or a dialog is open. */
export function useRowKeys() {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      const isModified = event.ctrlKey || event.metaKey || event.altKey;
      if (step === 0 || isModified || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const rows = [...(list.current?.querySelectorAll("a") ?? [])];
      const at = rows.findIndex((row) => row.matches(":focus"));
      const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
      rows[next]?.focus();
    };
    document.addEventListener("keydown", move);
    return () => document.removeEventListener("keydown", move);
  }, []);
  return list;
}
