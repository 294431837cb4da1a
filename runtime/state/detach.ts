/**
 * Strings cut from a decoded segment are slices that keep the whole text of the segment alive. What state keeps is copied.
 * V8 makes slices from this length on; shorter ones are copies already.
 */
const SHORTEST_SLICE = 13;

/** Strings nested deeper stay as they are, so that a value that contains itself has an end. */
const DEEPEST = 8;

/** A copy of the string that shares nothing. */
export function detachedString(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  const copy = Buffer.from(text, 'latin1').toString('latin1');
  return copy === text ? copy : Buffer.from(text, 'utf16le').toString('utf16le');
}

/**
 * The value with its strings copied, as state keeps it. Fields that `previous`, the value kept so far, has as the same string
 * stay as they are. Plain objects and arrays are changed in place: they belong to the operator that keeps them.
 */
export function detached(value: unknown, previous?: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value === previous ? previous : detachedString(value);
  if (typeof value !== 'object' || value === null || depth === DEEPEST || ArrayBuffer.isView(value)) return value;
  const fields = value as Record<string | number, unknown>;
  const before = (typeof previous === 'object' ? previous : null) as Readonly<Record<string | number, unknown>> | null;
  if (Array.isArray(value)) for (let index = 0; index < value.length; index++) detachField(fields, index, before, depth);
  else for (const name in fields) detachField(fields, name, before, depth);
  return value;
}

function detachField(
  fields: Record<string | number, unknown>,
  name: string | number,
  before: Readonly<Record<string | number, unknown>> | null,
  depth: number,
): void {
  const field = fields[name];
  if (typeof field === 'string') {
    if (field.length < SHORTEST_SLICE || field === before?.[name] || Object.isFrozen(fields)) return;
    fields[name] = detachedString(field);
  } else if (typeof field === 'object' && field !== null && field !== before?.[name]) detached(field, before?.[name], depth + 1);
}
