import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobKey } from '#core';
import { subtasksOf } from '../../../runtime/plan/subtasks.js';
import { readMetadata } from '../../../runtime/checkpoint/storage/metadata-files.js';
import { fileSystems, toFileUri } from '#core';
import { sampleGraph } from '../../support/sample-graph.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { settled } from '../../support/until.js';
import { CoordinatorRig } from './coordinator-rig.js';

type Action =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'acknowledge' | 'lose' | 'decline' | 'finish'; readonly which: number }
  | { readonly kind: 'acknowledgeAll' | 'restart' | 'savepoint' | 'checkpoint' | 'settle' };

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat({ max: 120 }) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), which: fc.nat({ max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'decline' as const, 'finish' as const), which: fc.nat() }) },
    { weight: 6, arbitrary: fc.constant({ kind: 'acknowledgeAll' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'savepoint' as const, 'checkpoint' as const) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
  ),
  { maxLength: 60 },
);

describe('checkpoints under random acknowledgements, declines, losses and timeouts', () => {
  const temp = useTempDirectory();

  it('complete at most once, never lose a file that is needed, and leave none behind', async () => {
    const options = fc.record({ retained: fc.integer({ min: 1, max: 3 }), concurrent: fc.integer({ min: 1, max: 3 }), actions });
    await fc.assert(
      fc.asyncProperty(options, async ({ retained, concurrent, actions: script }) => {
        const rig = new CoordinatorRig(
          sampleGraph('b' as BlobKey, [{ parallelism: 2 }, { parallelism: 1 }]),
          mkdtempSync(join(temp.path, 'c-')),
          {
            'execution.checkpointing.interval': '50 ms',
            'execution.checkpointing.timeout': '100 ms',
            'execution.checkpointing.max-concurrent-checkpoints': String(concurrent),
            'execution.checkpointing.tolerable-failed-checkpoints': '3',
            'state.checkpoints.num-retained': String(retained),
          },
        );
        const savepoints: string[] = [];
        rig.coordinator.start();
        for (const action of script) {
          perform(rig, action, savepoints);
          if (action.kind !== 'settle') continue;
          await rig.completed.idle();
          await settled(1);
          await check(rig);
        }
        await finishAndCheck(rig, savepoints);
      }),
      { numRuns: 60 },
    );
  });

  function perform(rig: CoordinatorRig, action: Action, savepoints: string[]): void {
    switch (action.kind) {
      case 'advance':
        return rig.clock.advance(action.ms);
      case 'acknowledge':
      case 'lose': {
        const written = rig.written[action.which % Math.max(1, rig.written.length)];
        if (written) rig[action.kind](written);
        return undefined;
      }
      case 'decline': {
        const written = rig.written[action.which % Math.max(1, rig.written.length)];
        if (!written) return undefined;
        rig.lose(written);
        return rig.coordinator.decline(written.subtask, written.checkpointId, new Error('broken'));
      }
      case 'finish': {
        const subtasks = subtasksOf(rig.graph);
        return rig.finish(subtasks[action.which % 2]!);
      }
      case 'acknowledgeAll':
        return rig.coordinator.underWay.slice(0, 1).forEach((id) => {
          rig.acknowledgeAll(id);
        });
      case 'savepoint': {
        const directory = toFileUri(join(rig.directory, `savepoint-${savepoints.length}`));
        const location = { dataDirectory: directory, metadataDirectory: directory };
        savepoints.push(directory);
        rig.coordinator.trigger({ kind: 'savepoint', full: true, location }).catch(() => undefined);
        return undefined;
      }
      case 'checkpoint':
        rig.coordinator.trigger({ kind: 'checkpoint', full: false }).catch(() => undefined);
        return undefined;
      case 'restart':
        return rig.restart();
      case 'settle':
        return undefined;
    }
  }

  /** What is needed is there, and nothing was told twice. */
  async function check(rig: CoordinatorRig): Promise<void> {
    await rig.completed.idle();
    const told = [...rig.notifiedComplete, ...rig.notifiedAborted];
    expect(new Set(told).size).to.equal(told.length);
    expect(rig.files()).to.include.members([...rig.needed()]);
    expect(rig.completed.retained.length).to.be.at.most(rig.settings.numRetained);
    for (const { metadata, location } of rig.completed.retained) {
      expect((await readMetadata(location.metadataDirectory!, fileSystems)).metadata).to.deep.equal(metadata);
    }
  }

  async function finishAndCheck(rig: CoordinatorRig, savepoints: readonly string[]): Promise<void> {
    rig.coordinator.suspend('the test ends');
    for (const written of rig.written) rig.acknowledge(written);
    await rig.completed.idle();
    await settled(1);
    await check(rig);
    expect(rig.clock.pendingTimers).to.equal(0);
    const ofSavepoints = (path: string): boolean => savepoints.some((directory) => path.startsWith(`${directory}/`));
    const left = rig.files().filter((path) => !rig.lostFiles.has(path) && !ofSavepoints(path));
    expect(left).to.deep.equal([...rig.needed()]);
    rig.completed.discardAll([rig.root]);
    await rig.completed.idle();
    expect(rig.files().filter((path) => !ofSavepoints(path))).to.deep.equal([]);
  }
});
