import type { ClusterSpecification } from '../cluster-specification.js';

const NOTE =
  '\nThe Flink YARN client will try to allocate the YARN session, but maybe not all TaskManagers are ' +
  'connecting from the beginning because the resources are currently not available in the cluster. ' +
  'The allocation might take more time than usual because the Flink YARN client needs to wait until the resources become available.';

/** What a cluster asks for beyond what is free at the moment, in Flink's words: YARN may still find the room. */
export function freeMemoryWarnings(specification: ClusterSpecification, freeMbOfNodes: readonly number[]): readonly string[] {
  const { jobManagerMemoryMb, taskManagerMemoryMb, taskManagerCount = 0 } = specification;
  const totalFree = freeMbOfNodes.reduce((sum, free) => sum + free, 0);
  const largest = Math.max(0, ...freeMbOfNodes);
  const required = jobManagerMemoryMb + taskManagerMemoryMb * taskManagerCount;
  const warnings: string[] = [];
  if (totalFree < required) {
    warnings.push(
      `This YARN session requires ${required}MB of memory in the cluster. There are currently only ${totalFree}MB available.${NOTE}`,
    );
  }
  if (taskManagerMemoryMb > largest) warnings.push(largerThanAll('TaskManagers', taskManagerMemoryMb, largest));
  if (jobManagerMemoryMb > largest) warnings.push(largerThanAll('JobManager', jobManagerMemoryMb, largest));
  return warnings.length > 0 ? warnings : placementWarnings(specification, freeMbOfNodes);
}

function largerThanAll(name: string, requestedMb: number, largest: number): string {
  return (
    `The requested amount of memory for the ${name} (${requestedMb}MB) is more than ` +
    `the largest possible YARN container: ${largest}${NOTE}`
  );
}

/** Enough in all, but perhaps not where it is needed. */
function placementWarnings(specification: ClusterSpecification, freeMbOfNodes: readonly number[]): readonly string[] {
  const { jobManagerMemoryMb, taskManagerMemoryMb, taskManagerCount = 0 } = specification;
  const free = [...freeMbOfNodes];
  const listed = `[${freeMbOfNodes.join(', ')}]`;
  if (!place(free, jobManagerMemoryMb)) {
    const who = 'Unable to find a NodeManager that can fit the JobManager/Application master. ';
    return [`${who}The JobManager requires ${jobManagerMemoryMb}MB. NodeManagers available: ${listed}${NOTE}`];
  }
  for (let placed = 0; placed < taskManagerCount; placed++) {
    if (place(free, taskManagerMemoryMb)) continue;
    return [
      'There is not enough memory available in the YARN cluster. ' +
        `The TaskManager(s) require ${taskManagerMemoryMb}MB each. NodeManagers available: ${listed}\n` +
        `After allocating the JobManager (${jobManagerMemoryMb}MB) and (${placed}/${taskManagerCount}) TaskManagers, ` +
        `the following NodeManagers are available: [${free.join(', ')}]${NOTE}`,
    ];
  }
  return [];
}

function place(free: number[], megabytes: number): boolean {
  const index = free.findIndex((available) => available >= megabytes);
  if (index < 0) return false;
  free[index] = (free[index] ?? 0) - megabytes;
  return true;
}
