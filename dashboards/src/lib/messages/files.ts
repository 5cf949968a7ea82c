/** What may be attached, for the file chooser; the server decides by the content. */
export const FILE_TYPES = 'image/jpeg,image/png,image/webp,image/heic,application/pdf,audio/*';

/** Pictures that browsers show; photos of some phones (HEIC) are not among them. */
export function isPicture(mediaType: string): boolean {
  return ['image/jpeg', 'image/png', 'image/webp'].includes(mediaType);
}
