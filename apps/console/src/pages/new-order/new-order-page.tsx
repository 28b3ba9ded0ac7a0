import { PageHeader } from "../../components/page-header.tsx";

export function NewOrderPage() {
  return <PageHeader title="New order" />;
}
