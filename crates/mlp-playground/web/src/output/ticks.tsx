import type { Axis } from '../protocol/Axis';
import { short } from '../theme/number';
import { shareOf, ticks } from './project';

/** The numbers along an axis, from the left or from below. A picture may be narrower than its place. */
export function Ticks({ axis, side, width }: { axis: Axis; side: 'horizontal' | 'vertical'; width?: number }) {
  const isVertical = side === 'vertical';
  const style = width === undefined ? undefined : { width: `${width}px` };
  return (
    <div class={`ticks ${side}`} style={style} aria-hidden="true">
      {ticks(axis, isVertical ? 4 : 5).map((mark) => (
        <span key={mark} style={{ [isVertical ? 'bottom' : 'left']: `${100 * shareOf(axis, mark)}%` }}>
          {short(mark)}
        </span>
      ))}
    </div>
  );
}
