import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { itemStatuses } from "@tirage/contracts";
import { modelsQuery } from "../../api/models.ts";
import { classNames } from "../../components/class-names.ts";
import { lookOf } from "../../components/status-badge.tsx";
import type { OrdersSearch } from "./search.ts";

/** By status and model; the address holds what is chosen. */
export function OrdersFilter({ filter }: { filter: OrdersSearch }) {
  const navigate = useNavigate({ from: "/orders" });
  const { data: models = [] } = useQuery(modelsQuery);
  const names = [...new Set([...models.map(({ model }) => model), ...(filter.model ? [filter.model] : [])])];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <nav aria-label="By status" className="flex flex-wrap gap-1 rounded-xl bg-raised p-1">
        {[undefined, ...itemStatuses].map((status) => (
          <Link
            key={status ?? "all"}
            to="/orders"
            search={{ ...filter, status }}
            aria-current={filter.status === status ? "true" : undefined}
            className={classNames(
              "rounded-lg px-3 py-1.5 text-sm",
              filter.status === status ? "bg-surface font-medium text-ink shadow-xs" : "text-ink-soft hover:text-ink",
            )}
          >
            {status ? lookOf(status).text : "All"}
          </Link>
        ))}
      </nav>
      <label className="flex min-w-0 items-center gap-2 text-sm text-ink-soft">
        Model
        <select
          className="input w-72 min-w-0"
          value={filter.model ?? ""}
          onChange={(event) =>
            void navigate({ search: { ...filter, model: event.target.value || undefined }, resetScroll: false })
          }
        >
          <option value="">All</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
