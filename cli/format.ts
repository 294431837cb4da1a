function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `dd.MM.yyyy HH:mm:ss` in local time, as `flink list` writes times. */
export function formatTime(ms: number): string {
  const time = new Date(ms);
  return `${twoDigits(time.getDate())}.${twoDigits(time.getMonth() + 1)}.${time.getFullYear()} ${clockTime(time)}`;
}

/** `MM/dd/yyyy HH:mm:ss` in local time, as `flink run` writes changes of state. */
export function formatStamp(ms: number): string {
  const time = new Date(ms);
  return `${twoDigits(time.getMonth() + 1)}/${twoDigits(time.getDate())}/${time.getFullYear()} ${clockTime(time)}`;
}

function clockTime(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
}

/** The value of an accumulator on one line. */
export function formatValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries: unknown = value instanceof Map ? Object.fromEntries(value as ReadonlyMap<string, unknown>) : value;
  return JSON.stringify(entries, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}

export function typeName(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}
