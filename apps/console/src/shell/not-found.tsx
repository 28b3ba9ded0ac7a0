import { Link } from "@tanstack/react-router";
import { buttonClass } from "../components/button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { PageHeader } from "../components/page-header.tsx";

export function NotFound() {
  return (
    <>
      <PageHeader title="Page not found" />
      <EmptyState
        icon="image"
        title="Nothing has this address"
        action={
          <Link to="/orders" className={buttonClass({ kind: "primary" })}>
            See all orders
          </Link>
        }
      >
        The address may be misspelt, or of an older version of the console.
      </EmptyState>
    </>
  );
}
