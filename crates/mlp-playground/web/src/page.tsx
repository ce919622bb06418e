import { DataControls } from './controls/data';
import { DropZone } from './controls/dropzone';
import { Header } from './controls/header';
import { Notices } from './controls/notice';
import { NetworkControls, TrainingControls } from './controls/training';
import { ClustersPanel } from './clusters/panel';
import { CurvesPanel } from './curves/panel';
import { LearnPanel } from './lessons/panel';
import { NetworkPanel } from './network/panel';
import { OutputPanel } from './output/panel';
import { configured, options } from './state/experiment';
import { isEmbedded } from './state/page';
import { text } from './text';
import { GradientsPanel } from './watch/gradients';
import { OutsidePanel } from './watch/outside';
import { WatchPanel } from './watch/panel';

/** The whole page. Within another page, only the pictures and what runs them. */
export function Page() {
  const isClustering = configured.value?.clustering !== undefined;
  if (isEmbedded.value) {
    return (
      <div class="page embedded">
        <Header />
        <Notices />
        <main class="board">
          {isClustering ? <ClustersPanel /> : <NetworkPanel />}
          <div class="results">
            {!isClustering && <OutputPanel />}
            <CurvesPanel />
          </div>
        </main>
        <DropZone />
      </div>
    );
  }
  return (
    <div class="page">
      <a class="skip" href="#main" onClick={skip}>
        {text.value.skip}
      </a>
      <Header />
      <LearnPanel />
      <Notices />
      <main class="board">
        <div class="controls">
          <DataControls />
          <NetworkControls />
          <TrainingControls />
        </div>
        <div class="center" id="main" tabIndex={-1}>
          {isClustering ? (
            <ClustersPanel />
          ) : (
            <>
              <NetworkPanel />
              <WatchPanel />
              <GradientsPanel />
            </>
          )}
          <OutsidePanel />
        </div>
        <div class="results">
          {!isClustering && <OutputPanel />}
          <CurvesPanel />
        </div>
      </main>
      <footer class="hint">
        {text.value.transport.keys}
        {options.value && <span>trainer {options.value.version}</span>}
      </footer>
      <DropZone />
    </div>
  );
}

/** The part after `#` is the state of the page, so that a link to a place in it must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
