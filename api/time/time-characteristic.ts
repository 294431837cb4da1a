/**
 * What "time" means to operators of a program that do not say it: `timeWindow`, for one. With `IngestionTime` sources give records the
 * time at which they come in; with `ProcessingTime` no watermarks are made at intervals.
 */
export const TimeCharacteristic = {
  ProcessingTime: 'ProcessingTime',
  IngestionTime: 'IngestionTime',
  EventTime: 'EventTime',
} as const;
export type TimeCharacteristic = keyof typeof TimeCharacteristic;
