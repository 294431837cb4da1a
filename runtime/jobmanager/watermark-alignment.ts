import { type Clock, MAX_WATERMARK, MIN_WATERMARK, type Timer } from '#core';
import type { OperatorEvent, SubtaskId } from '../task/deployment.js';
import { alignmentReportOf, alignTo } from '../time/alignment-events.js';

interface Member {
  readonly subtask: SubtaskId;
  readonly nodeId: number;
  readonly maxDriftMs: number;
  watermark: number;
  /** What it was told last: before that it waits. */
  allowed: number;
}

interface Group {
  readonly members: Map<string, Member>;
  lastToldMs: number;
  timer: Timer | undefined;
}

export interface AlignedTasks {
  readonly clock: Clock;
  /** A reader that is over holds back nobody. */
  isOver(subtask: SubtaskId): boolean;
  send(event: OperatorEvent): void;
}

/**
 * Keeps the source readers of a job's alignment groups together: each may be ahead of the least watermark of its group by its drift. Idle
 * readers report `MAX_WATERMARK`, and so hold back nobody; one that has read nothing yet holds back all. The members of a group are told
 * at most once each update interval, the shortest of theirs.
 */
export class WatermarkAlignmentCoordinator {
  readonly #groups = new Map<string, Group>();

  constructor(private readonly tasks: AlignedTasks) {}

  /** A reader says how far it has come. */
  report(event: OperatorEvent): void {
    const { group: name, maxDriftMs, updateIntervalMs, watermark } = alignmentReportOf(event);
    const group = this.#group(name);
    const key = `${event.vertexId}/${event.nodeId}/${event.from}`;
    const known = group.members.get(key);
    if (known !== undefined) known.watermark = watermark;
    else {
      const subtask = { vertexId: event.vertexId, subtaskIndex: event.from };
      group.members.set(key, { subtask, nodeId: event.nodeId, maxDriftMs, watermark, allowed: MIN_WATERMARK });
    }
    this.#tellSoon(group, updateIntervalMs);
  }

  /** The attempt is over. */
  forget(): void {
    for (const { timer } of this.#groups.values()) timer?.cancel();
    this.#groups.clear();
  }

  /** Readers begin again: they hold back nobody until they report. */
  forgetSubtasks(isForgotten: (subtask: SubtaskId) => boolean): void {
    for (const { members } of this.#groups.values()) {
      for (const [key, { subtask }] of members) if (isForgotten(subtask)) members.delete(key);
    }
  }

  #group(name: string): Group {
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = { members: new Map(), lastToldMs: -Infinity, timer: undefined }));
    return group;
  }

  #tellSoon(group: Group, updateIntervalMs: number): void {
    if (group.timer !== undefined) return;
    const { clock } = this.tasks;
    const waitMs = group.lastToldMs + updateIntervalMs - clock.now();
    if (waitMs <= 0) return this.#tell(group);
    group.timer = clock.setTimer(
      waitMs,
      () => {
        group.timer = undefined;
        this.#tell(group);
      },
      { background: true },
    );
  }

  #tell(group: Group): void {
    group.lastToldMs = this.tasks.clock.now();
    for (const [key, { subtask }] of group.members) if (this.tasks.isOver(subtask)) group.members.delete(key);
    const least = leastOf(group);
    for (const member of group.members.values()) {
      const allowed = least + member.maxDriftMs;
      if (allowed === member.allowed) continue;
      member.allowed = allowed;
      const { vertexId, subtaskIndex } = member.subtask;
      this.tasks.send(alignTo({ vertexId, nodeId: member.nodeId }, subtaskIndex, allowed));
    }
  }
}

function leastOf({ members }: Group): number {
  let least = MAX_WATERMARK;
  for (const { watermark } of members.values()) least = Math.min(least, watermark);
  return least;
}
