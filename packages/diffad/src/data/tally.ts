/** How often each name occurs. */
export function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** `good 2, scratch 1`, at most `most` of them; `none` where there are none. */
export function describeTally(counts: Readonly<Record<string, number>>, most = Number.POSITIVE_INFINITY): string {
  const named = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const more = named.length - most;
  return (named.slice(0, most).join(', ') || 'none') + (more > 0 ? ` and ${more} more` : '');
}
