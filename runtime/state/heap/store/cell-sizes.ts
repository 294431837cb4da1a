/** Bytes of a unit: cells begin at multiples of it. */
export const UNIT_BYTES = 8;

/** Up to this many units there is a class for each size, beyond it {@link STEPS} between a power of two and the next. */
const EXACT_UNITS = 64;
const STEPS = 8;

/** Classes are below, for cells of up to 2^27 units (1 GiB). */
export const CELL_CLASSES = EXACT_UNITS + 1 + STEPS * 22;

/** The class of the smallest cells that hold that many units. */
export function classOfUnits(units: number): number {
  if (units <= EXACT_UNITS) return units;
  // 2^power < units <= 2^(power + 1)
  const power = 31 - Math.clz32(units - 1);
  const step = Math.ceil((units - 2 ** power) / (2 ** power / STEPS));
  return EXACT_UNITS + (power - 6) * STEPS + step;
}

/** Units of the cells of a class. */
export function unitsOfClass(cellClass: number): number {
  if (cellClass <= EXACT_UNITS) return cellClass;
  const beyond = cellClass - EXACT_UNITS - 1;
  const power = 6 + Math.floor(beyond / STEPS);
  return 2 ** power + ((beyond % STEPS) + 1) * (2 ** power / STEPS);
}
