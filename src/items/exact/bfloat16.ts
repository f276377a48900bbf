const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The bits of a number as bfloat16, the upper half of a float of 32 bits: rounded to the nearest, of two to the even one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bfloat16Bits(1), 0x3f80);
 * ```
 *
 * @param value Any number.
 */
export function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  const whole = bits[0]!;
  return ((whole + 0x7fff + ((whole >>> 16) & 1)) / 0x10000) & 0xffff;
}

/**
 * The number that bits of bfloat16 stand for.
 *
 * @param half 16 bits.
 */
export function ofBfloat16Bits(half: number): number {
  bits[0] = half << 16;
  return float[0]!;
}

/**
 * A number as bfloat16 holds it.
 *
 * @param value Any number.
 */
export function toBfloat16(value: number): number {
  return ofBfloat16Bits(bfloat16Bits(value));
}
