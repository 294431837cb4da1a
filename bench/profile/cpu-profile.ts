import { readFileSync } from 'node:fs';

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Both from 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** What V8 writes with `--cpu-prof`. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of the nodes on top of the stack, one for each sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Where a thread spent its time. */
export interface FunctionTime {
  readonly frame: CallFrame;
  readonly selfMs: number;
  /** With all it called; a recursive call counts once. */
  readonly totalMs: number;
  /** Share of the function's samples by line, from 1. */
  readonly lines: ReadonlyMap<number, number>;
}

export interface ProfileSummary {
  readonly functions: readonly FunctionTime[];
  /** Time in which the thread did anything. */
  readonly busyMs: number;
  readonly idleMs: number;
}

export function readProfile(path: string): CpuProfile {
  return JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
}

/** Self and total times of functions, over several profiles together; the longest self time first. */
export function summarise(profiles: readonly CpuProfile[]): ProfileSummary {
  const functions = new Map<string, { frame: CallFrame; selfMs: number; totalMs: number; lines: Map<number, number> }>();
  for (const profile of profiles) {
    const selfMs = selfTimes(profile);
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    const visit = (node: ProfileNode, above: ReadonlySet<string>): number => {
      const key = keyOf(node.callFrame);
      let entry = functions.get(key);
      if (!entry) functions.set(key, (entry = { frame: node.callFrame, selfMs: 0, totalMs: 0, lines: new Map() }));
      const self = selfMs.get(node.id) ?? 0;
      entry.selfMs += self;
      for (const { line, ticks } of node.positionTicks ?? []) entry.lines.set(line, (entry.lines.get(line) ?? 0) + ticks);
      const inside = new Set(above).add(key);
      const total = (node.children ?? []).reduce((sum, id) => sum + visit(byId.get(id)!, inside), self);
      if (!above.has(key)) entry.totalMs += total;
      return total;
    };
    if (profile.nodes[0]) visit(profile.nodes[0], new Set());
  }
  return withoutIdle([...functions.values()]);
}

function withoutIdle(all: readonly FunctionTime[]): ProfileSummary {
  const idleMs = all.filter(isIdle).reduce((sum, { selfMs }) => sum + selfMs, 0);
  const functions = all.filter((each) => !isIdle(each) && each.frame.functionName !== '(root)').toSorted((a, b) => b.selfMs - a.selfMs);
  return { functions, busyMs: functions.reduce((sum, { selfMs }) => sum + selfMs, 0), idleMs };
}

function isIdle({ frame }: FunctionTime): boolean {
  return frame.functionName === '(idle)';
}

function selfTimes({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const selfMs = new Map<number, number>();
  samples.forEach((id, index) => {
    selfMs.set(id, (selfMs.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return selfMs;
}

function keyOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  return `${functionName} ${url} ${lineNumber} ${columnNumber}`;
}
