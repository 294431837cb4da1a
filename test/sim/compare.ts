/** Most differences that are told. */
const TOLD = 8;

/** What is missing of the expected lines, and what there is too much, or twice. */
export function differences(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of actual) counts.set(line, (counts.get(line) ?? 0) - 1);
  const wrong = [...counts].filter(([, count]) => count !== 0).map(([line, count]) => `"${line}" ${described(count)}`);
  return wrong.length > TOLD ? [...wrong.slice(0, TOLD), `and ${wrong.length - TOLD} more`] : wrong;
}

function described(count: number): string {
  return count > 0 ? `is missing ${count} times` : `is there ${-count} times too often`;
}
