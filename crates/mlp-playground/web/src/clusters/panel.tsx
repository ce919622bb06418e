import { Choice, Panel } from '../controls/fields';
import { AxisChoices, SHAPES } from '../output/panel';
import { configured } from '../state/experiment';
import { noticed } from '../state/picture';
import { progress } from '../state/training';
import { axisColumns, plane, show, view } from '../state/view';
import { text } from '../text';
import { classColor, css } from '../theme/color';
import { palette } from '../theme/palette';
import { ClusterPicture } from './picture';

/** A network that finds clusters: a map that unfolds, or codes that come apart. */
export function ClustersPanel() {
  const { clusters: words } = text.value;
  const experiment = configured.value;
  const info = experiment?.clustering;
  const scatter = noticed.value?.header.scatter;
  if (!experiment || !info) return null;
  const isDrawn = info.has_codes || plane.value !== undefined;
  const phases = progress.value.state === 'complete' ? words.phasesDone : words.phases;
  const phase = scatter && phases[scatter.phase];
  return (
    <Panel
      title={info.has_codes ? words.codes : words.map}
      name="clusters"
      aside={
        <span class="hint" data-testid="phase">
          {phase}
          {scatter?.has_clusters && `, ${words.count(scatter.num_prototypes)}`}
        </span>
      }
    >
      {isDrawn ? (
        <ClusterPicture experiment={experiment} info={info} />
      ) : (
        <p class="empty">{text.value.output.noPlane}</p>
      )}
      <Classes />
      <p class="hint">{info.has_codes ? words.explainCodes : words.explainMap}</p>
      {info.has_codes && experiment.classes.length > 0 && (
        <div class="plane">
          <Choice
            label={words.color}
            value={view.value.color}
            onChoose={(color) => show({ color: color === 'class' ? 'class' : 'cluster' })}
          >
            <option value="cluster">{words.byCluster}</option>
            <option value="class">{words.byClass}</option>
          </Choice>
        </div>
      )}
      {!info.has_codes && isDrawn && axisColumns(experiment).length > 2 && (
        <div class="plane">
          <AxisChoices />
        </div>
      )}
    </Panel>
  );
}

/** What colours mean, or shapes while colours are those of clusters. */
function Classes() {
  const { clusters: words } = text.value;
  const experiment = configured.value;
  if (!experiment || experiment.classes.length === 0) return null;
  const isByCluster = noticed.value?.header.scatter?.has_clusters === true && view.value.color === 'cluster';
  return (
    <ul class="classes" aria-label={words.byClass}>
      {experiment.classes.map((name, index) => (
        <li key={name}>
          {isByCluster ? (
            <span aria-hidden="true">{SHAPES[index % 3]}</span>
          ) : (
            <span class="swatch" style={{ backgroundColor: css(classColor(palette.value, index)) }} />
          )}
          <span class="cut" title={name}>
            {name}
          </span>
        </li>
      ))}
    </ul>
  );
}
