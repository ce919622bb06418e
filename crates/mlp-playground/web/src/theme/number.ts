/** A number with a proper minus sign and three significant digits, as short as it can be read at a glance. */
export function short(value: number | undefined | null, digits = 3): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e5 || size < 1e-3
      ? value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e')
      : String(Number(value.toPrecision(digits)));
  return text.replaceAll('-', '−');
}

/** A number with its sign, for sums. */
export function signed(value: number): string {
  return value < 0 ? short(value) : `+${short(value)}`;
}

/** A whole number, in groups of three digits. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A share as a percentage. */
export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(share === 1 ? 0 : 1)}\u202f%`;
}
