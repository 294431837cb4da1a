/**
 * The RC4 stream cipher; its state runs on from one message to the next. Node's OpenSSL has it no longer, and `auth-conf` of DIGEST-MD5
 * (RFC 2831) knows nothing better that Hadoop offers.
 */
export class Rc4 {
  readonly #state = Uint8Array.from({ length: 256 }, (_, index) => index);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    for (let i = 0, j = 0; i < 256; i++) {
      j = (j + this.#state[i]! + key[i % key.length]!) & 255;
      this.#swap(i, j);
    }
  }

  /** Enciphers or deciphers: both are the same. */
  apply(input: Uint8Array): Buffer {
    const output = Buffer.allocUnsafe(input.length);
    const state = this.#state;
    for (let n = 0; n < input.length; n++) {
      this.#i = (this.#i + 1) & 255;
      this.#j = (this.#j + state[this.#i]!) & 255;
      this.#swap(this.#i, this.#j);
      output[n] = input[n]! ^ state[(state[this.#i]! + state[this.#j]!) & 255]!;
    }
    return output;
  }

  #swap(i: number, j: number): void {
    const held = this.#state[i]!;
    this.#state[i] = this.#state[j]!;
    this.#state[j] = held;
  }
}
