import { PageHeader } from "../../components/page-header.tsx";

export function OperationsPage() {
  return <PageHeader title="Operations" />;
}
