import { PageHeader } from "../../components/page-header.tsx";

export function OrdersPage() {
  return <PageHeader title="Orders" />;
}
