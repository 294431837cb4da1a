import type { EdgeDescription, GraphDescription, NodeDescription } from './describe-graph.js';

/**
 * Tells in a sentence where two descriptions of a graph first differ, naming the operator; undefined when they are equal.
 * @example 'operator 2 is "Map" of kind "map" in the one and "Filter" of kind "filter" in the other'
 */
export function firstDifference(one: GraphDescription, other: GraphDescription): string | undefined {
  return settingsDifference(one, other) ?? nodesDifference(one, other) ?? edgesDifference(one, other);
}

function settingsDifference(one: GraphDescription, other: GraphDescription): string | undefined {
  for (const setting of ['runtimeMode', 'maxParallelism'] as const) {
    if (one[setting] !== other[setting]) return `the ${setting} of the job is ${versus(one[setting], other[setting])}`;
  }
  return undefined;
}

function nodesDifference(one: GraphDescription, other: GraphDescription): string | undefined {
  const length = Math.max(one.nodes.length, other.nodes.length);
  for (let i = 0; i < length; i++) {
    const a = one.nodes[i];
    const b = other.nodes[i];
    if (!a || !b) return missingNode(a ?? b!, a ? 'other' : 'one');
    const difference = nodeDifference(a, b);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function missingNode(node: NodeDescription, where: string): string {
  return `operator ${node.id}, "${node.name}", is missing in the ${where}`;
}

function nodeDifference(a: NodeDescription, b: NodeDescription): string | undefined {
  if (a.kind !== b.kind) return `operator ${a.id} is ${shown(a)} in the one and ${shown(b)} in the other`;
  for (const property of Object.keys(a) as (keyof NodeDescription)[]) {
    const [left, right] = [JSON.stringify(a[property]), JSON.stringify(b[property])];
    if (left !== right) return `the ${property} of operator ${a.id}, "${a.name}", is ${left} in the one and ${right} in the other`;
  }
  return undefined;
}

function shown(node: NodeDescription): string {
  return `"${node.name}" of kind "${node.kind}"`;
}

function edgesDifference(one: GraphDescription, other: GraphDescription): string | undefined {
  const length = Math.max(one.edges.length, other.edges.length);
  for (let i = 0; i < length; i++) {
    const a = one.edges[i];
    const b = other.edges[i];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    const node = one.nodes.find(({ id }) => id === (a ?? b)?.to);
    return `operator ${node?.id}, "${node?.name}", reads ${shownEdge(a, one)} in the one and ${shownEdge(b, other)} in the other`;
  }
  return undefined;
}

function shownEdge(edge: EdgeDescription | undefined, graph: GraphDescription): string {
  if (!edge) return 'nothing more';
  const from = graph.nodes.find(({ id }) => id === edge.from);
  const key = edge.keyField === null ? '' : ` of "${edge.keyField}"`;
  const output = edge.outputTag === null ? '' : ` the side output "${edge.outputTag}" of`;
  return `by ${edge.partitioning}${key}${output} operator ${edge.from}, "${from?.name}",`;
}

function versus(one: unknown, other: unknown): string {
  return `${JSON.stringify(one)} in the one and ${JSON.stringify(other)} in the other`;
}
