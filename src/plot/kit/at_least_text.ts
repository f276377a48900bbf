import { formatNumber, unbroken, type Unit } from "../../words/quantity.ts";

/**
 * A rate that the client limited, as short as a label has to be: `at least 994 pred/s`.
 *
 * @param value Per second.
 * @param unit Of display.
 */
export const atLeastText = (value: number, unit: Unit): string => unbroken(`at least ${formatNumber(value, unit)}`);
