/** The filters of the page, as its address holds them. */
// biome-ignore lint/suspicious/noEmptyInterface: this page has none so far
export interface GallerySearch {}

export const readGallerySearch = (_: Record<string, unknown>): GallerySearch => ({});
