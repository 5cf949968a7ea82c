/** What stands on labels. */

/** The code of a machine in what a scanner reads or somebody types: alone, or in the label's address. */
export function machineCodeIn(text: string): string {
  const plain = text.trim();
  const inAddress = /\/a\/([^/?#\s]+)/.exec(plain)?.[1];
  if (!inAddress) return plain;
  try {
    return decodeURIComponent(inAddress);
  } catch {
    return inAddress;
  }
}
