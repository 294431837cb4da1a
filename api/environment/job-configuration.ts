import { type Configuration, InvalidOptionValueError, type Option } from '#conf';
import { InvalidProgramError } from '../errors.js';

/** What the program sets for its jobs, by the keys of the configuration: it wins over what the place of execution has. */
export class JobConfiguration {
  #entries: Readonly<Record<string, string>>;

  /** @param inherited what holds where the program says nothing. @param own what it said already. */
  constructor(
    private readonly inherited: Configuration,
    own: Readonly<Record<string, string>>,
  ) {
    this.#entries = own;
  }

  /** By key, as it travels with a job. */
  get entries(): Readonly<Record<string, string>> {
    return this.#entries;
  }

  get<T>(option: Option<T>): T {
    return this.inherited.with(this.#entries).get(option);
  }

  set(values: Readonly<Record<string, string>>): void {
    this.#entries = { ...this.#entries, ...values };
  }

  /** Throws `InvalidProgramError` (user) when the text is not what the option expects. */
  setOption(option: Option<unknown>, text: string): void {
    const changed = { ...this.#entries, [option.key]: text };
    try {
      this.inherited.with(changed).get(option);
    } catch (error) {
      if (!(error instanceof InvalidOptionValueError)) throw error;
      throw new InvalidProgramError(error.message, error.action);
    }
    this.#entries = changed;
  }
}
