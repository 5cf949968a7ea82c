/** "a, b" as a list without blanks or repeats. */
export function listOf(text: string): string[] {
  const parts = text.split(/[,，、]/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}
