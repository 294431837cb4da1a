import { fileSystems, FlinkError } from '#core';

/** A parameter of the program is missing, or is not what it should be. */
export class ParameterError extends FlinkError {
  constructor(
    readonly key: string,
    message: string,
  ) {
    super({ code: 'INVALID_PARAMETER', message, action: `Pass "--${key} <value>" to the program.`, blame: 'user' });
  }
}

/** The value of a flag that was given without one. */
const NO_VALUE = '__NO_VALUE_KEY';
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/**
 * The parameters of a program: `--input PATH --parallel`, `-n 3`, or the lines `key = value` of a file.
 *
 * @example
 * const parameters = ParameterTool.fromArgs(process.argv.slice(2));
 * const input = parameters.required('input');
 * const limit = parameters.getInt('limit', 10);
 */
export class ParameterTool {
  readonly #values: ReadonlyMap<string, string>;

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Keys begin with `-` or `--`; what follows is the value, unless it begins like a key and is no number. */
  static fromArgs(args: readonly string[]): ParameterTool {
    const values = new Map<string, string>();
    for (let i = 0; i < args.length; i++) {
      const key = keyOf(args[i]!);
      const next = args[i + 1];
      const hasValue = next !== undefined && (!next.startsWith('-') || NUMBER.test(next));
      values.set(key, hasValue ? next : NO_VALUE);
      if (hasValue) i++;
    }
    return new ParameterTool(values);
  }

  static fromRecord(record: Readonly<Record<string, string>>): ParameterTool {
    return new ParameterTool(new Map(Object.entries(record)));
  }

  /** Reads `key = value` or `key: value` lines; lines that begin with `#` or `!` are comments. */
  static async fromPropertiesFile(path: string): Promise<ParameterTool> {
    const located = fileSystems.resolve(path);
    const chunks: Uint8Array[] = [];
    for await (const chunk of located.fileSystem.stream(located.path)) chunks.push(chunk as Uint8Array);
    return new ParameterTool(new Map(propertiesIn(Buffer.concat(chunks).toString('utf8'))));
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  get(key: string): string | undefined;
  get(key: string, otherwise: string): string;
  get(key: string, otherwise?: string): string | undefined {
    const value = this.#values.get(key);
    if (value === NO_VALUE) throw new ParameterError(key, `the parameter "${key}" has no value`);
    return value ?? otherwise;
  }

  /** Throws {@link ParameterError} when the parameter is missing. */
  required(key: string): string {
    const value = this.get(key);
    if (value === undefined) throw new ParameterError(key, `No data for required key '${key}'`);
    return value;
  }

  getInt(key: string, otherwise?: number): number {
    const value = this.getNumber(key, otherwise);
    if (!Number.isSafeInteger(value)) throw new ParameterError(key, `the parameter "${key}" must be a whole number, not "${value}"`);
    return value;
  }

  getNumber(key: string, otherwise?: number): number {
    const text = this.get(key);
    if (text === undefined && otherwise !== undefined) return otherwise;
    const value = text ?? this.required(key);
    if (!NUMBER.test(value)) throw new ParameterError(key, `the parameter "${key}" must be a number, not "${value}"`);
    return Number(value);
  }

  /** A flag without a value is true. */
  getBoolean(key: string, otherwise = false): boolean {
    const value = this.#values.get(key)?.toLowerCase();
    if (value === undefined) return otherwise;
    if (value === NO_VALUE.toLowerCase() || value === 'true') return true;
    if (value === 'false') return false;
    throw new ParameterError(key, `the parameter "${key}" must be true or false, not "${value}"`);
  }

  /** For `getConfig().setGlobalJobParameters`. */
  toRecord(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }
}

function keyOf(argument: string): string {
  const key = argument.replace(/^--?/, '');
  if (key === argument || key === '') {
    throw new ParameterError(
      key === '' ? 'key' : key,
      `Error parsing arguments: "${argument}" is not a key, which begins with "--" or "-"`,
    );
  }
  return key;
}

function propertiesIn(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const match = /^\s*([^#!\s=:][^=:\s]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line);
    return match ? [[match[1]!, match[2]!]] : [];
  });
}
