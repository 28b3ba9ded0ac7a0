import { Link } from "@tanstack/react-router";
import { Icon, type IconName } from "../components/icon.tsx";

const pages = [
  { to: "/", name: "New order", icon: "spark" },
  { to: "/orders", name: "Orders", icon: "list" },
  { to: "/gallery", name: "Gallery", icon: "images" },
  { to: "/operations", name: "Operations", icon: "pulse" },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

export function Navigation() {
  return (
    <nav aria-label="Pages" className="flex w-full gap-1 sm:w-auto">
      {pages.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          className="flex grow flex-col items-center gap-1 rounded-lg px-2 py-1.5 text-xs font-medium text-ink-soft hover:bg-raised hover:text-ink sm:grow-0 sm:flex-row sm:gap-2 sm:px-3 sm:text-sm aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-strong"
        >
          <Icon name={icon} />
          {name}
        </Link>
      ))}
    </nav>
  );
}
