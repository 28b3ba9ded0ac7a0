import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../api/client.ts";
import { formatRelativeTime } from "../components/format.ts";
import { lookOf } from "../components/status-badge.tsx";
import { chooseTheme, themes } from "../shell/theme.ts";
import type { Command } from "./find-commands.ts";
import { jumps } from "./read-keys.ts";

const recentOrders = 20;
const identifierPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const themeTitles = { system: "Colours of the system", light: "Light colours", dark: "Dark colours" } as const;

/** All that the palette offers: pages, the latest orders, an order by its id, colours. */
export function useCommands(query: string, showShortcuts: () => void): Command[] {
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ["palette", "orders"],
    queryFn: ({ signal }) => client.orders.page({ limit: recentOrders }, { signal }),
  });
  const openOrder = (id: string) => void navigate({ to: "/orders/$id", params: { id } });
  const id = query.trim();
  const known = data?.data ?? [];
  return [
    ...(identifierPattern.test(id)
      ? [{ id: "order-by-id", title: `Order ${id}`, group: "Orders", run: () => openOrder(id) }]
      : []),
    ...Object.entries(jumps).map(([key, { path, title }]) => ({
      id: path,
      title,
      group: "Go to",
      keywords: pageKeywords[path],
      keys: ["g", key],
      run: () => void navigate({ to: path }),
    })),
    ...known
      .filter((order) => order.id !== id)
      .map((order) => ({
        id: order.id,
        title: order.prompt.slice(0, 80),
        group: "Orders",
        detail: `${lookOf(order.status, order.partial).text} · ${formatRelativeTime(order.createdAt, Date.now())} · …${order.id.slice(-8)}`,
        keywords: `order ${order.id} ${order.model}`,
        run: () => openOrder(order.id),
      })),
    { id: "shortcuts", title: "Keyboard shortcuts", group: "Console", keys: ["?"], run: showShortcuts },
    {
      id: "reference",
      title: "API reference",
      group: "Console",
      keywords: "docs openapi",
      run: () => location.assign("/docs"),
    },
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      title: themeTitles[theme],
      group: "Console",
      keywords: "theme mode",
      run: () => chooseTheme(theme),
    })),
  ];
}

const pageKeywords: Readonly<Record<string, string>> = {
  "/": "create generate prompt",
  "/orders": "list history",
  "/gallery": "images products pictures",
  "/operations": "queues workers dead letters providers pause",
  "/health": "services versions status checklist",
};
