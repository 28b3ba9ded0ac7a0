import { SkeletonRows } from "../components/skeleton.tsx";

/** While the script of a page is on its way. */
export function PagePending() {
  return <SkeletonRows rows={5} name="the page" />;
}
