import { classNames } from "./class-names.ts";

/** Drawn on 24 × 24 with a line of 2. */
const paths = {
  alert: "M12 9v4m0 4h.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z",
  arrowLeft: "M19 12H5m6 6-6-6 6-6",
  arrowRight: "M5 12h14m-6-6 6 6-6 6",
  ban: "M5.6 5.6l12.8 12.8M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  bell: "M18 9a6 6 0 1 0-12 0c0 6-2.5 7-2.5 7h17S18 15 18 9ZM10.3 20a2 2 0 0 0 3.4 0",
  check: "M8 12.5l2.7 2.7L16 9.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  chevronDown: "M6 9l6 6 6-6",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  cross: "M9 9l6 6m0-6-6 6M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  dice: "M4 4h16v16H4zM8.5 8.5h.01M15.5 15.5h.01M12 12h.01",
  download: "M12 4v11m-5-4 5 5 5-5M5 20h14",
  external: "M14 4h6v6m0-6-9 9M10 5H5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1v-5",
  half: "M12 3v18M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 0",
  heart: "M3 12h4l3 7 4-14 3 7h4",
  image: "M4 4h16v16H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 8.5h.01",
  images: "M8 4h12v12H8zM8 13l3.5-3.5L20 16M4 8v12h12",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  minus: "M5 12h14",
  monitor: "M3 4h18v12H3zM8 20h8M12 16v4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5v15l12-7.5Z",
  plus: "M12 5v14M5 12h14",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  repeat: "M4 11V9a3 3 0 0 1 3-3h12m0 0-3-3m3 3-3 3M20 13v2a3 3 0 0 1-3 3H5m0 0 3 3m-3-3 3-3",
  search: "M20 20l-4.5-4.5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z",
  spark: "M12 3l2.1 6.9L21 12l-6.9 2.1L12 21l-2.1-6.9L3 12l6.9-2.1Z",
  spinner: "M12 3a9 9 0 1 0 9 9",
  sun: "M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  terminal: "M5 7l5 5-5 5M12 18h7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  wifi: "M2 9a15 15 0 0 1 20 0M5.5 12.5a10 10 0 0 1 13 0M9 16a5 5 0 0 1 6 0M12 19.5h.01",
  wifiOff:
    "M3 3l18 18M9 16a5 5 0 0 1 6 0M5.5 12.5A10 10 0 0 1 10 10.2M2 9a15 15 0 0 1 4.5-2.9M22 9a15 15 0 0 0-10-4M12 19.5h.01",
} as const;
export type IconName = keyof typeof paths;

/** Decoration: what it means stands beside it, or in the name of its button. */
export function Icon({ name, className }: { name: IconName; className?: string | undefined }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={classNames("size-4 shrink-0", className)}
    >
      <path d={paths[name]} />
    </svg>
  );
}
