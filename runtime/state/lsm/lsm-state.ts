import type { StateMeta } from '../../checkpoint/handles.js';
import type { Namespace } from '../keyed-state-backend.js';
import { isNamespaced, type LsmSpec, metaOfSpec } from './lsm-spec.js';
import { VersionedForm } from './versioned-form.js';

/** What a backend keeps under one name, whether the program has asked for it or it was only restored. */
export class LsmState {
  readonly form: VersionedForm;
  /** Namespaces that are alive, by the serial their entries have; no two had the same one ever. */
  readonly namespaces = new Map<number, Namespace>();
  /** Serials whose entries are needed; those of namespaces that were dropped may be kept for a snapshot. */
  readonly needed = new Set<number>();
  readonly namespaced: boolean;
  #lastSerial = 0;
  /** What the program was given. */
  given: object | undefined;
  /** Answers whether a value, with its time, is over; of states that expire and that were asked for. */
  expired: ((value: unknown) => boolean) | undefined;

  constructor(
    /** In keys. */
    readonly id: number,
    public spec: LsmSpec,
  ) {
    this.form = new VersionedForm(spec);
    this.namespaced = isNamespaced(spec);
  }

  addNamespace(namespace: Namespace): number {
    const serial = ++this.#lastSerial;
    this.#know(serial, namespace);
    return serial;
  }

  #know(serial: number, namespace: Namespace): void {
    this.namespaces.set(serial, namespace);
    this.needed.add(serial);
    this.#lastSerial = Math.max(this.#lastSerial, serial);
  }

  /** The namespaces of files that become the store's own, with the entries of those that were dropped. */
  adoptNamespaces({ namespaces = [], lastSerial = 0 }: StateMeta): void {
    for (const { serial, namespace } of namespaces) this.#know(serial, namespace);
    this.#lastSerial = Math.max(this.#lastSerial, lastSerial);
  }

  /** As a snapshot that begins now describes it. */
  meta(): StateMeta {
    const { type, expires } = this.form.versions[this.form.current]!;
    const meta = metaOfSpec({ ...this.spec, type, expires });
    if (!this.namespaced) return meta;
    const namespaces = Array.from(this.namespaces, ([serial, namespace]) => ({ serial, namespace }));
    return { ...meta, namespaces, lastSerial: this.#lastSerial };
  }
}
