import type { KeyValues } from '#conf';

/**
 * What processes in containers get unless the configuration says otherwise. glibc reserves 64 MB of address space for each of up to 8
 * arenas a processor, which NodeManagers that check virtual memory count; Hadoop's own daemons have the same limit.
 */
export const CONTAINER_ENVIRONMENT: KeyValues = { MALLOC_ARENA_MAX: '4' };
