import { PageHeader } from "../../components/page-header.tsx";

export function OrderPage() {
  return <PageHeader title="Order" />;
}
