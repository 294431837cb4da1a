import type { Action } from './action.js';
import type { CliOption } from './arguments/cli-option.js';

const LABEL_COLUMNS = 38;

/** The whole help: how commands are written, and every action with its options. */
export function helpText(actions: readonly Action[], columns: number): string {
  return [
    './flink-ts <ACTION> [OPTIONS] [ARGUMENTS]',
    '',
    'The following actions are available:',
    ...actions.flatMap((action) => ['', actionHelp(action, columns)]),
    '',
    `Use "flink-ts <ACTION> -h" for one action, "flink-ts -v" for the version. Options come before the program file.`,
  ].join('\n');
}

/** The help of one action. */
export function actionHelp({ name, summary, operands, syntax, notes }: Action, columns: number): string {
  const shown = syntax.options.filter(({ hidden }) => hidden !== true);
  return [
    `Action "${name}" ${summary}`,
    '',
    `  Syntax: ${name} [OPTIONS]${operands === '' ? '' : ` ${operands}`}`,
    `  "${name}" action options:`,
    ...shown.flatMap((option) => optionLines(option, columns)),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function optionLines(option: CliOption, columns: number): string[] {
  const names = option.short === undefined ? `--${option.long}` : `-${option.short},--${option.long}`;
  const label = `     ${names}${option.argument === undefined ? '' : ` <${option.argument}>`}`;
  const [first = '', ...others] = wrap(option.description, Math.max(30, Math.min(columns, 120) - LABEL_COLUMNS));
  const start = label.length < LABEL_COLUMNS ? [label.padEnd(LABEL_COLUMNS) + first] : [label, ' '.repeat(LABEL_COLUMNS) + first];
  return [...start, ...others.map((line) => ' '.repeat(LABEL_COLUMNS) + line)];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
