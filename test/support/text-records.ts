/** A word of a table as a value: numbers, booleans and null as such, anything else as text. */
function valueOf(word: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  const constants: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
  return word in constants ? constants[word] : word;
}

/**
 * Records written as text: one a line, values two blanks apart. With the names of fields they are objects, without them tuples, or the
 * value itself where there is one only.
 * @example textRecords('ann  10\n bob  7', ['user', 'amount']) // [{ user: 'ann', amount: 10 }, { user: 'bob', amount: 7 }]
 */
export function textRecords(text: string, fields?: readonly string[]): unknown[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.map((line) => recordOf(line.split(/ {2,}/).map(valueOf), fields));
}

function recordOf(values: readonly unknown[], fields: readonly string[] | undefined): unknown {
  if (fields !== undefined) return Object.fromEntries(fields.map((name, index) => [name, values[index]]));
  return values.length === 1 ? values[0] : values;
}
