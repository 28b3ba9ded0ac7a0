import { PageHeader } from "../../components/page-header.tsx";

export function HealthPage() {
  return <PageHeader title="Health" />;
}
