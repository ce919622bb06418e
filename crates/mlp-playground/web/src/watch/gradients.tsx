import { Panel, Switch } from '../controls/fields';
import { configured, isNormalized } from '../state/experiment';
import { diagnosis } from '../state/training';
import { show, view } from '../state/view';
import { text } from '../text';
import { short } from '../theme/number';
import { HIGHEST, judge, logShare, LOWEST } from './gradient';

const MARKS = [-8, -6, -4, -2, 0];

/** The gradients of the layers, and how many units are dead or saturated. */
export function GradientsPanel() {
  const { gradients: words } = text.value;
  const isOn = view.value.diagnosis;
  const layers = diagnosis.value?.layers;
  const count = configured.value?.network.layers.length ?? 0;
  const verdict = layers && judge(layers.map((layer) => layer.gradient));
  return (
    <Panel
      title={words.heading}
      name="gradients"
      aside={<Switch label={words.toggle} value={isOn} onChange={(next) => show({ diagnosis: next })} />}
    >
      <p class="hint">{words.explain}</p>
      {isOn && isNormalized.value && <p class="empty">{text.value.watch.normalized}</p>}
      {isOn && layers?.length === count && (
        <>
          <ul class="bars">
            {layers.map(({ gradient, dead, saturated }, index) => (
              <li key={index}>
                <span>{index === count - 1 ? words.output : words.layer(index + 1)}</span>
                <span class="bar-track">
                  <span class="bar" style={{ transform: `scaleX(${logShare(gradient)})` }} />
                </span>
                <b>{short(gradient, 2)}</b>
                <small>
                  {[
                    dead.length > 0 && words.dead(dead.length),
                    saturated.length > 0 && words.saturated(saturated.length),
                  ]
                    .filter(Boolean)
                    .join(', ')}
                </small>
              </li>
            ))}
            <li class="bar-scale" aria-hidden="true">
              <span />
              <span class="bar-marks">
                {MARKS.map((mark) => (
                  <span key={mark} style={{ left: `${100 * ((mark - LOWEST) / (HIGHEST - LOWEST))}%` }}>
                    10<sup>{String(mark).replace('-', '−')}</sup>
                  </span>
                ))}
              </span>
            </li>
          </ul>
          {verdict && (
            <p class="verdict" data-verdict={verdict}>
              {words[verdict]}
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
