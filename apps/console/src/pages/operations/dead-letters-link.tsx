import { useInfiniteQuery } from "@tanstack/react-query";
import { formatCount } from "../../components/format.ts";
import { Badge } from "../../components/status-badge.tsx";
import { deadLettersQuery } from "./use-dead-letters.ts";

export const deadLettersAnchor = "dead-letters";

/** They wait for a person, at the end of a long page: said at its beginning. */
export function DeadLettersLink() {
  const { data, hasNextPage } = useInfiniteQuery(deadLettersQuery({}));
  const count = data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
  if (count === 0) return null;
  return (
    <a href={`#${deadLettersAnchor}`} className="-ml-2 rounded-lg p-2 hover:bg-raised">
      <Badge tone="warn" icon="alert">
        {hasNextPage ? `More than ${count} dead letters` : formatCount(count, "dead letter")}
      </Badge>
    </a>
  );
}
