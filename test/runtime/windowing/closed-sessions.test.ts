import { expect } from 'chai';
import { KeptNamespaces } from '../../../runtime/state/heap/kept-namespaces.js';
import type { NamespacedState, NamespaceTable, TableCursor } from '../../../runtime/state/keyed-state-backend.js';
import { ClosedSessions } from '../../../runtime/windowing/closed-sessions.js';
import type { Session } from '../../../runtime/windowing/session.js';

const SESSIONS = 3000;
const HOUR_MS = 3_600_000;

/** The state, and how often a value of its tables was looked at. */
function counted(): { state: NamespacedState<Session>; looks: () => number } {
  const kept = new KeptNamespaces(128, 0, { name: 'closed-sessions', kind: 'window', type: undefined });
  let looks = 0;
  const countedCursor = (cursor: TableCursor<unknown>): TableCursor<unknown> => {
    const next = cursor.next.bind(cursor);
    return Object.assign(cursor, {
      next: () => {
        looks++;
        return next();
      },
    });
  };
  const table: NamespacedState<Session>['table'] = (namespace) => {
    const real = kept.table(namespace);
    return new Proxy(real, {
      get: (_, name) => {
        if (name === 'get') looks++;
        if (name === 'cursor') return () => countedCursor(real.cursor());
        const member: unknown = Reflect.get(real, name, real);
        return typeof member === 'function' ? (member.bind(real) as unknown) : member;
      },
    }) as unknown as NamespaceTable<Session>;
  };
  return {
    state: { table, existing: () => undefined, drop: (namespace) => void kept.drop(namespace), namespaces: () => kept.namespaces() },
    looks: () => looks,
  };
}

describe('closed sessions', () => {
  for (const latenessMs of [0, HOUR_MS]) {
    it(`are looked at a few times each, however often time goes on: lateness ${latenessMs}`, () => {
      const { state, looks } = counted();
      const closed = new ClosedSessions(state, { gapMs: HOUR_MS, latenessMs, fired: -1, slotsStay: true });
      const fired: unknown[] = [];
      for (let key = 0; key < SESSIONS; key++) {
        // strings are no rows of numbers: each look is one at the whole
        closed.add(key, [key, HOUR_MS, `session ${key}`]);
        const gate = { blocked: false };
        expect(closed.fire(HOUR_MS + key - 1, { gate, emit: (of, window) => fired.push([of, window.start, window.end]) })()).to.equal(true);
      }
      expect(fired).to.deep.equal(Array.from({ length: SESSIONS }, (_, key) => [key, key, HOUR_MS + key]));
      expect(looks()).to.be.at.most(6 * SESSIONS);
    });
  }
});
