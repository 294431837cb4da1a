/**
 * Address space for the machine code of a thread. V8 would reserve 512 MB for each, which counts as virtual memory of a container: with
 * NodeManagers that check it, one of 1 GB was killed for two threads. This much was V8's own measure for long.
 */
export const THREAD_CODE_RANGE_MB = 128;
