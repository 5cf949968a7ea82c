/** Reasons and duties come from the server as clauses; where they stand alone they are sentences. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1).replace(/\.?$/, '.')}`;
}
