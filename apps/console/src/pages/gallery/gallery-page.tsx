import { PageHeader } from "../../components/page-header.tsx";

export function GalleryPage() {
  return <PageHeader title="Gallery" />;
}
