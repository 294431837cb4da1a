/**
 * Optimal string alignment distance: how many letters have to be changed, added, dropped or swapped with their neighbour.
 * Stops early, with a number above `limit`, when the distance is known to exceed it.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, at(beforePrevious, column - 2) + 1);
      current.push(best);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** The names nearest to what was typed, the best first; none when nothing is near. Case does not count. */
export function didYouMean(typed: string, names: Iterable<string>, most = 2): readonly string[] {
  const lower = typed.toLowerCase();
  const limit = Math.max(1, Math.min(4, Math.floor(typed.length / 5)));
  const near: { name: string; distance: number }[] = [];
  for (const name of names) {
    const distance = editDistance(lower, name.toLowerCase(), limit);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const best = near[0]?.distance ?? 0;
  return near
    .filter(({ distance }) => distance <= best + 1)
    .slice(0, most)
    .map(({ name }) => name);
}
