import { FEATURE, type CcidClassDescriptor } from './class-descriptor.ts';

/** bPowerSelect values with the bVoltageSupport bit of each, lowest voltage first (CCID §5.1, §6.1.1). */
const CLASSES = [
  { bPowerSelect: 3, bit: 4 },
  { bPowerSelect: 2, bit: 2 },
  { bPowerSelect: 1, bit: 1 },
] as const;

/** The bPowerSelect values to try, in order: automatic where the reader can, else each voltage it has, lowest first. */
export function powerSelections(
  descriptor: Pick<CcidClassDescriptor, 'dwFeatures' | 'bVoltageSupport'>,
): readonly number[] {
  if (descriptor.dwFeatures & (FEATURE.AUTO_VOLTAGE | FEATURE.AUTO_ACTIVATION)) return [0];
  const supported = CLASSES.filter(({ bit }) => (descriptor.bVoltageSupport & bit) !== 0);
  // A descriptor that names no voltage at all leaves the choice to the reader.
  return supported.length > 0 ? supported.map(({ bPowerSelect }) => bPowerSelect) : [0];
}
